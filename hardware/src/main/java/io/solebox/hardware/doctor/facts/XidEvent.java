package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error that NVIDIA's driver reports by its number.
 *
 * @param number as in 79
 * @param text behind it
 */
public record XidEvent(PciAddress gpu, int number, String text, LogLine line) {
  /** What is said where a GPU is gone before the driver has a number for it. */
  private static final int OFF_THE_BUS = 79;

  private static final Pattern PARTITION =
      Pattern.compile("(?:FBPA|partition) (\\d+),? subpartition (\\d+)");
  private static final Pattern ADDRESS = Pattern.compile("physAddr (0x[0-9a-fA-F]+)");
  private static final Pattern ROW = Pattern.compile("\\((0x[0-9a-fA-F]+)\\)");
  private static final Pattern PROGRAM = Pattern.compile("name=([^,]*)");

  /** All that a log reports, in its order. */
  public static List<XidEvent> all(KernelLog log) {
    List<XidEvent> all = new ArrayList<>();
    Wording.XID
        .in(log)
        .forEach(
            hit ->
                all.add(
                    new XidEvent(
                        PciAddress.of(hit.match().group(1)).orElseThrow(),
                        Integer.parseInt(hit.match().group(2)),
                        Optional.ofNullable(hit.match().group(3)).orElse("").strip(),
                        hit.line())));
    withoutNumber(log).stream()
        .filter(lost -> all.stream().noneMatch(it -> it.number == OFF_THE_BUS && it.isOf(lost.gpu)))
        .forEach(all::add);
    return List.copyOf(all);
  }

  private static List<XidEvent> withoutNumber(KernelLog log) {
    List<XidEvent> lost = new ArrayList<>();
    Wording.OFF_THE_BUS
        .in(log)
        .forEach(
            hit ->
                lost.add(
                    new XidEvent(
                        PciAddress.of(hit.match().group(1)).orElseThrow(),
                        OFF_THE_BUS,
                        "GPU has fallen off the bus.",
                        hit.line())));
    NvrmMessages.of(log).stream()
        .filter(message -> message.text().contains("fallen off the bus"))
        .forEach(
            message ->
                message
                    .gpu()
                    .ifPresent(
                        gpu ->
                            lost.add(
                                new XidEvent(gpu, OFF_THE_BUS, message.text(), message.line()))));
    return lost;
  }

  /** Whether it is of the GPU at an address; the driver leaves the function out. */
  public boolean isOf(PciAddress address) {
    return gpu.domain() == address.domain()
        && gpu.bus() == address.bus()
        && gpu.device() == address.device();
  }

  /** Where in the GPU's memory, as in {@code FBPA 9 subpartition 1}. */
  public Optional<String> place() {
    Matcher place = PARTITION.matcher(text);
    return place.find()
        ? Optional.of("FBPA " + place.group(1) + " subpartition " + place.group(2))
        : Optional.empty();
  }

  /** What tells one fault of the memory from another: its address, or else the line. */
  public String fault() {
    Matcher address = ADDRESS.matcher(text);
    Matcher row = ROW.matcher(text);
    if (address.find()) {
      return number(address.group(1));
    }
    return row.find() ? number(row.group(1)) : line.file() + ":" + line.number();
  }

  private static String number(String hex) {
    return hex.toLowerCase(Locale.ROOT).replaceFirst("^0x0*", "");
  }

  /** The program that it happened to, where the driver says it. */
  public Optional<String> program() {
    Matcher program = PROGRAM.matcher(text);
    return program.find() ? Optional.of(program.group(1).strip()) : Optional.empty();
  }
}
