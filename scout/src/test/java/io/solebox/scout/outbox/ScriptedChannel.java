package io.solebox.scout.outbox;

import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A channel in this process that answers as it is told. */
final class ScriptedChannel implements Channel {
  final List<Message> sent = new ArrayList<>();
  private final String name;
  private final int most;
  Function<Message, Delivery> answer = _ -> new Delivery.Accepted();

  ScriptedChannel(String name, int most) {
    this.name = name;
    this.most = most;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int most() {
    return most;
  }

  @Override
  public Delivery send(Message message) {
    sent.add(message);
    return answer.apply(message);
  }

  /** The keys of all news in the order in which they came, repeats included. */
  List<String> keys() {
    return sent.stream().flatMap(one -> one.news().stream()).map(one -> one.key()).toList();
  }
}
