package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Fields;
import io.solebox.hardware.box.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast the last smoke test of a machine found a card to be.
 *
 * @param address in PCI, as in {@code 0000:01:00.0}
 * @param name as its driver tells it
 * @param at when the test ended
 * @param memory bytes a second of reads alone; empty where that was not tried
 * @param link bytes a second from pinned memory of the host; empty where that was not tried
 */
public record SmokedCard(
    String address, String name, Instant at, OptionalDouble memory, OptionalDouble link) {
  /** A report of more is none of ours. */
  private static final int MOST_CARDS = 64;

  private static final int MOST_FIGURES = 100_000;
  private static final String MEMORY = "memory.read";
  private static final String LINK = "copy.to_device.pinned";

  /**
   * All of which the address is known; none where there was no test, or what lies there is no
   * report.
   *
   * @param data the folder of the data
   */
  public static List<SmokedCard> of(Box data) {
    return data.read(LastSmoke.FILE)
        .content()
        .map(Reading.Content::bytes)
        .flatMap(Fields::of)
        .map(SmokedCard::of)
        .orElse(List.of());
  }

  private static List<SmokedCard> of(Fields fields) {
    List<SmokedCard> cards = new ArrayList<>();
    Optional<Instant> at = fields.text("at").flatMap(LastSmoke::instant);
    for (int i = 0; i < MOST_CARDS && at.isPresent(); i++) {
      String path = "devices." + i + ".";
      Optional<String> device = fields.text(path + "device");
      Optional<String> address = fields.text(path + "address");
      if (device.isPresent() && address.isPresent()) {
        cards.add(
            new SmokedCard(
                address.get(),
                fields.text(path + "name").orElse(""),
                at.get(),
                figure(fields, MEMORY, device.get()),
                figure(fields, LINK, device.get())));
      }
    }
    return cards;
  }

  /** What is measured is more than nothing, and finite. */
  private static OptionalDouble figure(Fields fields, String id, String device) {
    for (int i = 0; i < MOST_FIGURES; i++) {
      String path = "figures." + i + ".";
      Optional<String> found = fields.text(path + "id");
      if (found.isEmpty()) {
        return OptionalDouble.empty();
      }
      if (found.get().equals(id) && fields.text(path + "subject").equals(Optional.of(device))) {
        OptionalDouble value = fields.number(path + "value");
        boolean isSound =
            value.isPresent() && value.getAsDouble() > 0 && Double.isFinite(value.getAsDouble());
        return isSound ? value : OptionalDouble.empty();
      }
    }
    return OptionalDouble.empty();
  }
}
