package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Another machine, which cannot be told anything from here, and is asked whether it lives. */
public final class SilentBox implements LastLine.Machine {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** A minute of asking: a server that starts anew is back by then. */
  private static final int TIMES = 7;

  private static final Duration BETWEEN = Duration.ofSeconds(5);

  /** Waits; a test's does not. */
  public interface Pause {
    void rest(Duration time) throws InterruptedException;
  }

  private final URI address;
  private final Pause pause;

  /**
   * @param address of its server, as in {@code http://box:8080}
   */
  public SilentBox(URI address, Pause pause) {
    this.address = address;
    this.pause = pause;
  }

  @Override
  public Said<String> shutDown() {
    return new Said.No<>(
        "it is another machine, which answers at %s, or whose name nobody knows"
            .formatted(address));
  }

  /** Whatever it says, as long as it says something. A name with a slip in it is not silent. */
  @Override
  public boolean answers() {
    if (!isKnown()) {
      return true;
    }
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(DEADLINE).build()) {
      HttpRequest question =
          HttpRequest.newBuilder(address.resolve("/health/live")).timeout(DEADLINE).build();
      for (int time = 0; time < TIMES; time++) {
        if (answers(client, question)) {
          return true;
        }
        pause.rest(BETWEEN);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true; // nobody has found out, so it keeps its power
    }
  }

  private boolean isKnown() {
    try {
      return InetAddress.getByName(address.getHost()) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean answers(HttpClient client, HttpRequest question)
      throws InterruptedException {
    try {
      client.send(question, BodyHandlers.discarding());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
