package io.solebox.hardware.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The GPUs that are known, by their PCI ids: {@code cards.tsv} and {@code architectures.tsv}. */
public final class GpuTable {
  /** NVIDIA. */
  public static final int NVIDIA = 0x10de;

  /** AMD. */
  public static final int AMD = 0x1002;

  private record Range(int vendor, int first, int last, Architecture architecture) {}

  private final Map<String, GpuCard> cards = new LinkedHashMap<>();
  private final List<Range> ranges;

  /** Reads the tables. */
  public GpuTable() {
    CellTable table = CellTable.of("cards.tsv");
    table
        .subjects()
        .forEach(each -> cards.put(table.value(each, "id").orElseThrow(), card(table, each)));
    CellTable kinds = CellTable.of("architectures.tsv");
    ranges = kinds.subjects().stream().flatMap(each -> ranges(kinds, each).stream()).toList();
  }

  private static GpuCard card(CellTable table, String card) {
    return new GpuCard(
        table.value(card, "name").orElseThrow(),
        table.value(card, "architecture").orElseThrow(),
        number(table, card, "vram_mib").orElseThrow(),
        table.values(card, "bar1_mib").stream().map(Integer::valueOf).toList(),
        number(table, card, "power_w").or(() -> number(table, card, "power_worst_w")),
        number(table, card, "power_min_w"),
        number(table, card, "memory_max_c"),
        !table.value(card, "power_limit").equals(Optional.of("no")),
        table.value(card, "form"),
        table.value(card, "compute"),
        number(table, card, "multiprocessors"),
        table.sourced(card, "bandwidth_gbs"));
  }

  private static Optional<Integer> number(CellTable table, String subject, String field) {
    return table.value(subject, field).map(Integer::valueOf);
  }

  private static List<Range> ranges(CellTable table, String name) {
    Architecture architecture =
        new Architecture(
            name,
            table.value(name, "compute").orElseThrow(),
            table.value(name, "gsp").map("yes"::equals),
            number(table, name, "last_branch"),
            table.value(name, "module"));
    int vendor = Integer.parseInt(table.value(name, "vendor").orElseThrow(), 16);
    return table.values(name, "devices").stream()
        .map(range -> range.split("-"))
        .map(
            ends ->
                new Range(
                    vendor,
                    Integer.parseInt(ends[0], 16),
                    Integer.parseInt(ends[ends.length - 1], 16),
                    architecture))
        .toList();
  }

  /** The model of the name that its driver gives it, as in {@code Tesla V100-SXM2-16GB}. */
  public Optional<GpuCard> named(String name) {
    return cards.values().stream()
        .filter(card -> words(name).contains(words(card.name())))
        .findFirst();
  }

  /** Drivers put hyphens where the list of ids has spaces. */
  private static String words(String name) {
    return " " + name.replace('-', ' ').toLowerCase(Locale.ROOT) + " ";
  }

  /** The model with these ids. */
  public Optional<GpuCard> card(int vendor, int device) {
    return Optional.ofNullable(cards.get(String.format(Locale.ROOT, "%04x:%04x", vendor, device)));
  }

  /** The generation of a GPU with these ids; whoever asks knows that it is a GPU. */
  public Optional<Architecture> architecture(int vendor, int device) {
    return ranges.stream()
        .filter(each -> each.vendor == vendor && each.first <= device && device <= each.last)
        .map(Range::architecture)
        .findFirst();
  }

  /** Of a name as NVIDIA's tools write it, as in {@code Volta}. */
  public Optional<Architecture> architecture(String name) {
    return ranges.stream()
        .map(Range::architecture)
        .filter(each -> each.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
