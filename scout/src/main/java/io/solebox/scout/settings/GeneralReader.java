package io.solebox.scout.settings;

import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.scout.outbox.Calm;
import io.solebox.scout.settings.General.OwnBox;
import io.solebox.scout.story.Happening;
import io.solebox.scout.toml.TomlTable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what holds for all of the scout: {@code [scout]} and {@code [box]}. */
final class GeneralReader {
  /** As often as forums like to be asked at most. */
  private static final Duration EVERY = Duration.ofMinutes(30);

  private GeneralReader() {}

  static General read(TomlTable root, ZoneId usual) {
    Optional<OwnBox> box = root.table("box").flatMap(GeneralReader::box);
    return root.table("scout")
        .map(table -> general(table, usual, box))
        .orElseGet(
            () -> new General(Optional.empty(), Optional.empty(), EVERY, atOnce(usual), box));
  }

  private static General general(TomlTable table, ZoneId usual, Optional<OwnBox> box) {
    ZoneId zone =
        table.value("zone", Values::zone, "a time zone, as in Europe/Berlin").orElse(usual);
    var general =
        new General(
            table.value("country", Values::country, "the two letters of a country, as in DE"),
            table.value("currency", Values::currency, "the three letters of one, as in EUR"),
            every(table, EVERY),
            calm(table, atOnce(zone)),
            box);
    table.nothingElse();
    return general;
  }

  /** How long to leave between two times. */
  static Duration every(TomlTable table, Duration otherwise) {
    return table
        .value("every", Values::duration, "a time from a minute to a month, as in 30 min")
        .orElse(otherwise);
  }

  private static Calm atOnce(ZoneId zone) {
    return new Calm(zone, Optional.empty(), Optional.empty(), Set.of());
  }

  /** When to tell, of the scout or of one channel. */
  static Calm calm(TomlTable table, Calm otherwise) {
    var quiet = table.value("quiet", Values::hours, "hours of the day, as in 22:00-07:00");
    var digest = table.value("digest", Values::time, "a time of the day, as in 08:00");
    Set<Happening> atOnce = happenings(table, "at_once");
    return new Calm(
        otherwise.zone(),
        quiet.or(otherwise::quiet),
        digest.or(otherwise::digest),
        table.has("at_once") ? atOnce : otherwise.atOnce());
  }

  static Set<Happening> happenings(TomlTable table, String name) {
    return table.choices(name, List.of(Happening.values()), Words::of);
  }

  private static Optional<OwnBox> box(TomlTable table) {
    var box =
        new OwnBox(
            table.required("host"),
            table.text("slot"),
            table.text("supply"),
            table.text("cooling"));
    table.nothingElse();
    if (box.host().isEmpty()) {
      return Optional.empty();
    }
    var names = new Machines();
    check(table, "host", () -> names.machine(wish(box.host(), Optional.empty())));
    box.slot()
        .ifPresent(it -> check(table, "slot", () -> names.machine(wish("PC", Optional.of(it)))));
    box.supply().ifPresent(it -> check(table, "supply", () -> names.supply(it)));
    box.cooling().ifPresent(it -> check(table, "cooling", () -> names.cooling(it)));
    return Optional.of(box);
  }

  private static MachineWish wish(String host, Optional<String> slot) {
    return new MachineWish(
        host,
        slot,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** What the planner does not know, it says with the names that are like it. */
  private static void check(TomlTable table, String name, Runnable lookUp) {
    try {
      lookUp.run();
    } catch (SoleboxException e) {
      table.wrong(name, e.explanation().replaceFirst("\\.$", ""));
    }
  }
}
