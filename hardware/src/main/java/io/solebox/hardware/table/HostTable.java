package io.solebox.hardware.table;

import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The systems on a chip and boards that are known: {@code hosts.tsv}. */
public final class HostTable {
  private final CellTable table = CellTable.of("hosts.tsv");

  /** By its key in the table, as parts have it. */
  public Optional<HostModel> byKey(String key) {
    return table.subjects().stream().filter(key::equals).findFirst().map(this::model);
  }

  /** By the compatible strings of the device tree's root, the most exact first. */
  public Optional<HostModel> byCompatible(List<String> compatible) {
    return table.subjects().stream()
        .filter(each -> table.values(each, "compatible").stream().anyMatch(compatible::contains))
        .findFirst()
        .map(this::model);
  }

  /** By what a kernel's log says: drivers of host bridges that are on one chip alone, models. */
  public Optional<HostModel> byLog(String line) {
    return table.subjects().stream()
        .filter(each -> table.values(each, "log").stream().anyMatch(line::contains))
        .findFirst()
        .map(this::model);
  }

  /** By the ids of its root ports, as in {@code 14e4:2712}. */
  public Optional<HostModel> byRootPort(String id) {
    return table.subjects().stream()
        .filter(each -> table.values(each, "root_port").stream().anyMatch(id::startsWith))
        .findFirst()
        .map(this::model);
  }

  /** By a product or board name of DMI, in which a known name stands. */
  public Optional<HostModel> byDmi(String name) {
    String said = name.toLowerCase(Locale.ROOT);
    return table.subjects().stream()
        .filter(
            each ->
                table.values(each, "dmi").stream()
                    .anyMatch(part -> said.contains(part.toLowerCase(Locale.ROOT))))
        .findFirst()
        .map(this::model);
  }

  private HostModel model(String host) {
    return new HostModel(
        table.value(host, "name").orElseThrow(),
        table.value(host, "firmware").filter("device tree"::equals).isPresent(),
        table
            .value(host, "window_bytes")
            .map(bytes -> OptionalLong.of(Long.decode(bytes)))
            .orElse(OptionalLong.empty()),
        table.value(host, "window_says"),
        table.value(host, "link").map(HostTable::link),
        table.value(host, "coherent").map("yes"::equals),
        table.value(host, "note"),
        table.value(host, "works"),
        table
            .value(host, "erratum")
            .map(
                words ->
                    new HostModel.Erratum(
                        words, table.value(host, "erratum_remedy").orElseThrow())));
  }

  static PciLink link(String text) {
    int lanes = Integer.parseInt(text.substring(text.indexOf('x') + 1));
    return new PciLink(PciLink.speed(text).orElseThrow(), lanes);
  }
}
