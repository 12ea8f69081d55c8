package io.solebox.planner.machine;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.LinkPath;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.HostModel;
import io.solebox.hardware.table.Part;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The profile of a machine that is there, this one or a captured one: what it says of itself wins
 * over what the tables say of its parts. Its supply and its cooling say nothing of themselves.
 */
final class FoundMachine {
  private static final Pattern TOTAL = Pattern.compile("^MemTotal:\\s+(\\d+) kB");
  private static final Pattern MODEL = Pattern.compile("^(?:model name|Model)\\s*:\\s*(.+)$");
  private static final double MIB = 1 << 20;

  private final Profiles profiles;
  private final Box box;
  private final Facts facts;
  private final Smoked smoked;

  FoundMachine(Profiles profiles, Box box, Smoked smoked) {
    this.profiles = profiles;
    this.smoked = smoked;
    this.box = box;
    this.facts = Facts.of(box);
  }

  MachineProfile profile() {
    Optional<Part> host =
        facts.host().model().map(Known::value).map(HostModel::name).flatMap(profiles::hostNamed);
    List<DeviceProfile> cards =
        facts.pci().gpus().stream().map(gpu -> smoked.measured(gpu, card(gpu))).toList();
    List<Part> parts = cards.stream().flatMap(card -> card.part().stream()).toList();
    List<String> notes = new ArrayList<>(Compatibility.notes(host.stream().toList(), parts));
    notes.addAll(smoked.notes(facts.pci().gpus()));
    return new MachineProfile(
        "this machine",
        processor(host),
        cards,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        host,
        notes);
  }

  private DeviceProfile processor(Optional<Part> host) {
    Optional<DeviceProfile> known = host.map(profiles::processor);
    return new DeviceProfile(
        line("proc/cpuinfo", MODEL)
            .or(() -> host.map(Part::name))
            .orElse("a processor that does not say its name"),
        line("proc/meminfo", TOTAL)
            .map(kib -> exactly(1024 * Double.parseDouble(kib), "/proc/meminfo")),
        known.flatMap(DeviceProfile::bandwidth),
        known.map(DeviceProfile::rates).orElse(Map.of()),
        Optional.empty(),
        known.flatMap(DeviceProfile::draw),
        Optional.empty(),
        Optional.empty(),
        host);
  }

  private Optional<String> line(String file, Pattern pattern) {
    return box.read(file).content().stream()
        .flatMap(content -> content.lines().stream())
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1).strip())
        .findFirst();
  }

  private static Range exactly(double bytes, String source) {
    return Range.exactly(bytes, Unit.BYTES, source);
  }

  private DeviceProfile card(Gpu gpu) {
    Optional<DeviceProfile> known =
        gpu.card().map(GpuCard::name).flatMap(profiles::cardNamed).map(profiles::card);
    OptionalDouble told =
        gpu.smi().map(smi -> smi.number("FB Memory Usage/Total")).orElse(OptionalDouble.empty());
    return new DeviceProfile(
        gpu.name(),
        told.isPresent()
            ? Optional.of(exactly(told.getAsDouble() * MIB, "nvidia-smi"))
            : known.flatMap(DeviceProfile::memory),
        known.flatMap(DeviceProfile::bandwidth),
        known.map(DeviceProfile::rates).orElse(Map.of()),
        LinkPath.of(gpu, facts)
            .map(path -> Links.carries(new PciLink(path.transfers(), path.lanes()), 1))
            .or(() -> known.flatMap(DeviceProfile::link)),
        known.flatMap(DeviceProfile::draw),
        gpu.architecture().map(each -> each.name()),
        known.flatMap(DeviceProfile::refusal),
        known.flatMap(DeviceProfile::part));
  }
}
