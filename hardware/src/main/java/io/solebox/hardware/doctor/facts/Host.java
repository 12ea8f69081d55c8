package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.table.HostModel;
import io.solebox.hardware.table.HostTable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine itself and its kernel.
 *
 * @param architecture as {@code uname -m} says it: {@code x86_64}, {@code aarch64}
 * @param kernel its version, as in {@code 6.12.47-v8-16k+}
 * @param pageBytes the size of a page
 * @param commandLine of the kernel
 * @param model the board or system on a chip, where the table knows it, with the line it is known
 *     by
 * @param product what it calls itself
 */
public record Host(
    Optional<Known<String>> architecture,
    Optional<Known<String>> kernel,
    Optional<Known<Integer>> pageBytes,
    Optional<Known<String>> commandLine,
    Optional<Known<HostModel>> model,
    Optional<Known<String>> product) {
  private static final Pattern KERNEL_LOG = Pattern.compile("^Linux version (\\S+)");
  private static final Pattern COMMAND_LOG = Pattern.compile("^Kernel command line: (.*)$");
  private static final Pattern MACHINE_LOG = Pattern.compile("^Machine model: (.*)$");

  private static final Pattern DMI_LOG = Pattern.compile("^DMI: (.*?)(?:, BIOS.*)?$");
  private static final Pattern ARM_CPU_LOG = Pattern.compile("Booting Linux on physical CPU");

  private static final Pattern MACHINE =
      Pattern.compile("\\b(x86_64|aarch64|i[3-6]86|armv\\d\\w*|riscv64|ppc64le)\\b");

  /** In the name of a kernel, as Raspberry Pi's and others write it. */
  private static final Pattern PAGES_IN_NAME =
      Pattern.compile("(?i)(?:^|[-_+.])(4|16|64)k(?:[-_+.]|pages?|$)");

  private static final Pattern PAGES_IN_CONFIG =
      Pattern.compile("^CONFIG_ARM64_(4|16|64)K_PAGES=y");

  private static final List<String> DMI =
      List.of("product_name", "board_name", "product_family", "sys_vendor");

  static Host of(Box box, KernelLog log, Pci pci) {
    Optional<Known<String>> uname = line(box, "uname.txt");
    Optional<Known<String>> kernel =
        uname
            .filter(
                known -> known.value().startsWith("Linux ") && known.value().split(" ").length > 2)
            .map(known -> new Known<>(known.value().split(" ")[2], known.evidence()))
            .or(() -> line(box, "proc/sys/kernel/osrelease"))
            .or(() -> version(box))
            .or(() -> logged(log, KERNEL_LOG));
    return new Host(
        machine(uname, box, log),
        kernel,
        pages(box, kernel),
        line(box, "proc/cmdline").or(() -> logged(log, COMMAND_LOG)),
        model(box, log, pci),
        product(box, log));
  }

  /** Whether its firmware describes it by a device tree, so that owners can change its windows. */
  public boolean hasDeviceTree() {
    return model.filter(known -> known.value().hasDeviceTree()).isPresent();
  }

  private static Optional<Known<String>> version(Box box) {
    return line(box, "proc/version")
        .map(
            known ->
                new Known<>(
                    known.value().replaceFirst("^Linux version (\\S+).*", "$1"), known.evidence()));
  }

  private static Optional<Known<String>> line(Box box, String file) {
    return box.read(file)
        .word()
        .filter(text -> !text.isEmpty())
        .map(text -> text.lines().findFirst().orElse("").replace("\0", " ").strip())
        .map(text -> new Known<>(text, new Evidence(file, 1, text)));
  }

  private static Optional<Known<String>> logged(KernelLog log, Pattern pattern) {
    // The last start's: earlier ones come first.
    return log.find(pattern)
        .reduce((_, last) -> last)
        .map(hit -> new Known<>(hit.match().group(1), hit.line().evidence()));
  }

  private static Optional<Known<String>> machine(
      Optional<Known<String>> uname, Box box, KernelLog log) {
    Optional<Known<String>> said =
        uname
            .or(() -> line(box, "proc/driver/nvidia/version"))
            .flatMap(
                known -> {
                  Matcher machine = MACHINE.matcher(known.value());
                  return machine.find()
                      ? Optional.of(new Known<>(machine.group(1), known.evidence()))
                      : Optional.empty();
                });
    return said.or(
            () ->
                log.find(ARM_CPU_LOG)
                    .findFirst()
                    .map(hit -> new Known<>("aarch64", hit.line().evidence())))
        .or(() -> cpuinfo(box));
  }

  private static Optional<Known<String>> cpuinfo(Box box) {
    return find(box, "proc/cpuinfo", Pattern.compile("^CPU implementer\\s*:"))
        .map(known -> new Known<>("aarch64", known.evidence()))
        .or(
            () ->
                find(box, "proc/cpuinfo", Pattern.compile("^flags\\s*:.*\\blm\\b"))
                    .map(known -> new Known<>("x86_64", known.evidence())));
  }

  /** The first line in which a pattern is found, and its first group if it has any. */
  private static Optional<Known<String>> find(Box box, String file, Pattern pattern) {
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    for (int i = 0; i < lines.size(); i++) {
      Matcher found = pattern.matcher(lines.get(i));
      if (found.find()) {
        String value = found.groupCount() > 0 ? found.group(1) : lines.get(i);
        return Optional.of(new Known<>(value, new Evidence(file, i + 1, lines.get(i).strip())));
      }
    }
    return Optional.empty();
  }

  private static Optional<Known<Integer>> pages(Box box, Optional<Known<String>> kernel) {
    Optional<Known<Integer>> asked =
        line(box, "getconf-pagesize.txt")
            .filter(known -> known.value().matches("\\d{4,6}"))
            .map(known -> new Known<>(Integer.valueOf(known.value()), known.evidence()));
    return asked
        .or(
            () ->
                box.names("boot").stream()
                    .filter(name -> name.startsWith("config-"))
                    .flatMap(name -> find(box, "boot/" + name, PAGES_IN_CONFIG).stream())
                    .findFirst()
                    .map(Host::kibibytes))
        .or(
            () ->
                kernel.flatMap(
                    known -> {
                      Matcher pages = PAGES_IN_NAME.matcher(known.value());
                      return pages.find()
                          ? Optional.of(kibibytes(new Known<>(pages.group(1), known.evidence())))
                          : Optional.empty();
                    }));
  }

  private static Known<Integer> kibibytes(Known<String> number) {
    return new Known<>(1024 * Integer.parseInt(number.value()), number.evidence());
  }

  private static Optional<Known<HostModel>> model(Box box, KernelLog log, Pci pci) {
    HostTable table = new HostTable();
    Optional<Known<HostModel>> tree =
        box.read("proc/device-tree/compatible")
            .word()
            .or(() -> box.read("sys/firmware/devicetree/base/compatible").word())
            .map(text -> List.of(text.split("[\\x00\\s]+")))
            .flatMap(
                all ->
                    table
                        .byCompatible(all)
                        .map(
                            model ->
                                new Known<>(
                                    model,
                                    new Evidence(
                                        "proc/device-tree/compatible", 1, String.join(" ", all)))));
    return tree.or(
            () ->
                DMI.stream()
                    .flatMap(name -> line(box, "sys/class/dmi/id/" + name).stream())
                    .flatMap(known -> model(table, known).stream())
                    .findFirst())
        .or(() -> product(box, log).flatMap(known -> model(table, known)))
        .or(() -> byLog(table, log))
        .or(() -> byRootPort(table, pci));
  }

  private static Optional<Known<HostModel>> model(HostTable table, Known<String> name) {
    return table.byDmi(name.value()).map(model -> new Known<>(model, name.evidence()));
  }

  private static Optional<Known<HostModel>> byRootPort(HostTable table, Pci pci) {
    return pci.devices().stream()
        .flatMap(
            device ->
                table
                    .byRootPort(device.id())
                    .map(model -> new Known<>(model, device.seen().getFirst()))
                    .stream())
        .findFirst();
  }

  /** Drivers of host bridges that are on one system on a chip alone. */
  private static Optional<Known<HostModel>> byLog(HostTable table, KernelLog log) {
    return log.lines().stream()
        .flatMap(
            line ->
                table.byLog(line.text()).map(model -> new Known<>(model, line.evidence())).stream())
        .findFirst();
  }

  private static Optional<Known<String>> product(Box box, KernelLog log) {
    return line(box, "sys/class/dmi/id/product_name")
        .or(() -> line(box, "proc/device-tree/model"))
        .or(() -> logged(log, MACHINE_LOG))
        .or(() -> logged(log, DMI_LOG));
  }
}
