package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.table.GpuCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a GPU may draw.
 *
 * @param cap whether something holds it to that
 * @param limitWatts what its driver holds it to
 * @param worstWatts the most that it draws: its limit, or what the table knows of its model
 * @param evidence what that rests on, never empty where it is not unknown
 */
public record PowerDraw(
    Cap cap, OptionalDouble limitWatts, OptionalDouble worstWatts, List<Evidence> evidence) {
  /** Whether a limit holds. */
  public enum Cap {
    CAPPED,
    UNCAPPED,
    UNKNOWN
  }

  /** Below this a card cannot overload what feeds it: a slot gives 75 W. */
  private static final double SMALL_WATTS = 75;

  private static final List<String> SECTIONS =
      List.of("GPU Power Readings/", "Power Readings/", "Module Power Readings/");
  private static final List<String> LIMITS =
      List.of("Current Power Limit", "Enforced Power Limit", "Power Limit");
  private static final List<String> DRAWS =
      List.of("Power Draw", "Instantaneous Power Draw", "Average Power Draw");

  private static final Pattern REFUSED =
      Pattern.compile(
          "(?i)changing power management limit is not supported (?:for|in current scope for) GPU:?"
              + " ?(\\S+?)\\.?$");

  public PowerDraw {
    evidence = List.copyOf(evidence);
  }

  /** Of one of NVIDIA's. */
  public static PowerDraw of(Box box, Gpu gpu) {
    OptionalDouble known =
        gpu.card()
            .flatMap(GpuCard::powerWatts)
            .map(watts -> OptionalDouble.of(watts))
            .orElse(OptionalDouble.empty());
    List<Evidence> evidence = new ArrayList<>();
    refused(box, gpu).ifPresent(evidence::add);
    if (gpu.card().filter(card -> !card.canCapPower()).isPresent()) {
      evidence.add(gpu.pci().seen().getFirst());
    }
    gpu.smi().flatMap(smi -> said(smi, LIMITS)).ifPresent(line -> evidence.add(line.evidence()));
    OptionalDouble limit = gpu.smi().map(PowerDraw::limit).orElse(OptionalDouble.empty());
    boolean never =
        refused(box, gpu).isPresent() || gpu.card().filter(it -> !it.canCapPower()).isPresent();
    if (limit.isPresent() && !never) {
      return new PowerDraw(Cap.CAPPED, limit, limit, evidence);
    }
    boolean drawn = gpu.smi().flatMap(smi -> said(smi, DRAWS)).isPresent();
    boolean none = drawn && gpu.smi().flatMap(smi -> said(smi, LIMITS)).isPresent();
    return never || none
        ? new PowerDraw(Cap.UNCAPPED, OptionalDouble.empty(), known, evidence)
        : new PowerDraw(Cap.UNKNOWN, OptionalDouble.empty(), known, evidence);
  }

  /** Whether it is too small to overload anything. */
  public boolean isSmall() {
    return worstWatts.isPresent() && worstWatts.getAsDouble() <= SMALL_WATTS;
  }

  private static OptionalDouble limit(SmiGpu smi) {
    for (String section : SECTIONS) {
      for (String name : LIMITS) {
        OptionalDouble watts = smi.number(section + name);
        if (watts.isPresent()) {
          return watts;
        }
      }
    }
    return OptionalDouble.empty();
  }

  /** A line that is there, whatever it says. */
  private static Optional<Known<String>> said(SmiGpu smi, List<String> names) {
    for (String section : SECTIONS) {
      for (String name : names) {
        Known<String> known = smi.values().get(section + name);
        if (known != null) {
          return Optional.of(known);
        }
      }
    }
    return Optional.empty();
  }

  /** What nvidia-smi -pl has answered, where somebody kept it. */
  private static Optional<Evidence> refused(Box box, Gpu gpu) {
    for (String file : SmiGpu.files(box)) {
      List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
      for (int i = 0; i < lines.size(); i++) {
        Matcher refused = REFUSED.matcher(lines.get(i).strip());
        if (refused.find()
            && PciAddress.of(refused.group(1)).filter(gpu.address()::equals).isPresent()) {
          return Optional.of(new Evidence(file, i + 1, lines.get(i).strip()));
        }
      }
    }
    return Optional.empty();
  }
}
