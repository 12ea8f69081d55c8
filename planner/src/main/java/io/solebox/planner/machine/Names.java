package io.solebox.planner.machine;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.PartTable.Found;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What people call parts, as parts; what nobody knows is refused with what is like it. */
final class Names {
  private static final Pattern COUNTED = Pattern.compile("(\\d{1,2})\\s*[xX*]\\s*(\\D.*)");
  private static final Pattern LANES = Pattern.compile("(?i)\\bx\\s*(1|2|4|8|16|32)\\b");
  private static final Pattern GENERATION =
      Pattern.compile("(?i)(?:gen|pcie|pci express)?\\s*([1-6])(?:\\.0)?\\b");
  private static final Pattern SUPPLY =
      Pattern.compile("(?i)\\s*(\\d+(?:\\.\\d+)?)\\s*(k?w)(?:att)?\\b[\\s,:/-]*(.*)");
  private static final int MOST_CARDS = 32;

  private Names() {}

  /**
   * @param kind as in {@code card}
   * @throws SoleboxException {@code INVALID_PARAMETER} where the name is not known, or not clear
   */
  static Part find(PartTable table, String kind, String name) {
    return switch (table.find(name)) {
      case Found.One(Part part) -> part;
      case Found.Several(var parts) ->
          throw bad(
              kind,
              "'%s' may be any of %d %ss.".formatted(name, parts.size(), kind),
              "Say which: " + keys(parts) + ".");
      case Found.Unknown(var nearest) ->
          throw bad(
              kind,
              "There is no %s '%s' in the tables.".formatted(kind, name),
              "The nearest are " + keys(nearest) + ".");
    };
  }

  private static String keys(List<Part> parts) {
    return parts.stream().map(Part::key).collect(Collectors.joining(", "));
  }

  private static SoleboxException bad(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place, message, remedy);
  }

  /** Each as often as it says: {@code 4x PG199} is four. */
  static List<Part> cards(PartTable table, List<String> names) {
    List<Part> cards = names.stream().flatMap(each -> counted(table, each).stream()).toList();
    if (cards.size() > MOST_CARDS) {
      throw bad(
          "card",
          "%d cards are more than any machine has.".formatted(cards.size()),
          "Plan for %d at most.".formatted(MOST_CARDS));
    }
    return cards;
  }

  private static List<Part> counted(PartTable table, String text) {
    Matcher counted = COUNTED.matcher(text.strip());
    if (!counted.matches()) {
      return List.of(find(table, "card", text));
    }
    int count = Integer.parseInt(counted.group(1));
    if (count == 0) {
      throw bad("card", "'%s' is no card at all.".formatted(text), "Leave it out.");
    }
    return Collections.nCopies(count, find(table, "card", counted.group(2)));
  }

  /** As in {@code gen3 x8}, {@code 3.0 x8}, {@code 8.0 GT/s x8}. */
  static PciLink slot(String text) {
    Matcher lanes = LANES.matcher(text);
    if (!lanes.find()) {
      throw slotError(text);
    }
    String rest = text.substring(0, lanes.start()) + " " + text.substring(lanes.end());
    double speed =
        PciLink.speed(rest)
            .or(
                () -> {
                  Matcher generation = GENERATION.matcher(rest.strip());
                  return generation.matches()
                      ? PciLink.speed(Integer.parseInt(generation.group(1)))
                      : Optional.empty();
                })
            .orElseThrow(() -> slotError(text));
    return new PciLink(speed, Integer.parseInt(lanes.group(1)));
  }

  private static SoleboxException slotError(String text) {
    return bad(
        "slot", "'%s' is no slot of PCI Express.".formatted(text), "Write it as in 'gen3 x8'.");
  }

  /** As in {@code 1400W platinum}; the class may be left out, which is the worst one. */
  static Supply supply(PartTable table, String text) {
    Matcher supply = SUPPLY.matcher(text.toLowerCase(Locale.ROOT));
    if (!supply.matches() || Double.parseDouble(supply.group(1)) <= 0) {
      throw bad(
          "psu",
          "'%s' is no power supply.".formatted(text),
          "Write watts and class, as in '1400W platinum'.");
    }
    double watts = Double.parseDouble(supply.group(1)) * (supply.group(2).equals("kw") ? 1000 : 1);
    String grade = supply.group(3).replace("80 plus", "").replace("80+", "").strip();
    return new Supply(
        watts, find(table, "class of power supplies", grade.isEmpty() ? "80plus" : grade));
  }
}
