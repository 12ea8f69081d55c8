package io.solebox.testkit;

import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Pretended cards of any memory and speed, which can be lost and can be a team; what they compute,
 * the scalar reference computes for them.
 */
final class ToyCards {
  static final long PLENTY = 1L << 30;

  private final List<Card> cards = new ArrayList<>();

  private static final class Card {
    private final OpenDevice device;
    private volatile boolean lost;

    Card(String name, long bytes, OptionalDouble bandwidth) {
      Backend reference = Backends.open("reference", 1);
      var backend =
          (Backend)
              Proxy.newProxyInstance(
                  Backend.class.getClassLoader(),
                  new Class<?>[] {Backend.class},
                  (_, method, arguments) ->
                      switch (method.getName()) {
                        case "nominalBandwidth" -> bandwidth;
                        case "freeBytes" -> free();
                        default -> method.invoke(reference, arguments);
                      });
      device = new OpenDevice(name, backend, new MemoryLedger(name, bytes));
    }

    private Optional<SoleboxException> loss() {
      try {
        free();
        return Optional.empty();
      } catch (SoleboxException e) {
        return Optional.of(e);
      }
    }

    private OptionalLong free() {
      if (lost) {
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE, "gpu", "It fell off the bus.", "Seat it again.");
      }
      return OptionalLong.empty();
    }
  }

  /**
   * So many more.
   *
   * @param bandwidth as the card says it
   */
  ToyCards and(int count, long bytes, OptionalDouble bandwidth) {
    for (int i = 0; i < count; i++) {
      cards.add(new Card("gpu:" + cards.size(), bytes, bandwidth));
    }
    return this;
  }

  /** So many, all alike. */
  static ToyCards of(int count) {
    return new ToyCards().and(count, PLENTY, OptionalDouble.of(900e9));
  }

  List<OpenDevice> devices() {
    return cards.stream().map(card -> card.device).toList();
  }

  /** As if a card had fallen off the bus. */
  void lose(int card) {
    cards.get(card).lost = true;
  }

  /**
   * The reference's team.
   *
   * @param link that it has between its members
   */
  Teaming together(List<Backend> members, Optional<LinkFigures> link) {
    Team team =
        switch (Backends.provider("reference").team(members)) {
          case Teaming.Together(Team its) -> its;
          case Teaming.Apart _ -> throw new AssertionError();
        };
    return new Teaming.Together(
        new Team() {
          @Override
          public String describe() {
            return "in a test";
          }

          @Override
          public Optional<LinkFigures> slowestLink() {
            return link;
          }

          @Override
          public Plan prepare(List<Share> shares, Progress progress) {
            return losing(team.prepare(shares, progress));
          }
        });
  }

  /** Steps of a team fail with the loss of any of its cards. */
  private Plan losing(Plan plan) {
    return (Plan)
        Proxy.newProxyInstance(
            Plan.class.getClassLoader(),
            new Class<?>[] {Plan.class},
            (_, method, arguments) -> {
              if (method.getName().equals("loss")) {
                return cards.stream().flatMap(card -> card.loss().stream()).findFirst();
              }
              if (method.getName().equals("run") || method.getName().equals("begin")) {
                cards.forEach(Card::free);
              }
              return method.invoke(plan, arguments);
            });
  }
}
