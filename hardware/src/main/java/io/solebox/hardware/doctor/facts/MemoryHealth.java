package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a GPU's memory does: what its driver has mended (rows from Ampere on, pages before), and what
 * faults go on.
 *
 * @param seen what it is known by
 * @param failures what says that something could not be mended
 * @param degrading what says that faults go on faster than they are mended
 * @param waiting what says that a reset is needed
 * @param worrying what else asks for a look
 * @param mended rows and pages
 * @param words sentences with the numbers
 */
public record MemoryHealth(
    List<Evidence> seen,
    List<Evidence> failures,
    List<Evidence> degrading,
    List<Evidence> waiting,
    List<Evidence> worrying,
    int mended,
    List<String> words) {
  /** A fault this soon after a start is one that the start should have cured. */
  private static final double SOON_SECONDS = 600;

  private static final Set<Integer> FAULTS = Set.of(48, 63, 64, 140, 171);
  private static final int MARKED = 63;
  private static final int NOT_MENDED = 64;

  /** Of the GPU at an address. */
  public static MemoryHealth of(Facts facts, PciAddress gpu) {
    Optional<SmiGpu> smi =
        facts.pci().gpus().stream()
            .filter(each -> each.address().equals(gpu))
            .findFirst()
            .flatMap(Gpu::smi);
    List<XidEvent> faults =
        XidEvent.all(facts.log()).stream()
            .filter(event -> event.isOf(gpu) && FAULTS.contains(event.number()))
            .toList();
    Builder builder = new Builder();
    smi.ifPresent(builder::counters);
    boolean alone = facts.pci().gpus().stream().filter(Gpu::isNvidia).count() == 1;
    EarlierLook.of(facts.box()).ifPresent(look -> builder.before(look, gpu, alone));
    builder.faults(faults, smi.isPresent());
    return builder.build();
  }

  /** Whether anything was found that says how it does. */
  public boolean says() {
    return !seen.isEmpty();
  }

  /** Collects while it reads. */
  private static final class Builder {
    private final List<Evidence> seen = new ArrayList<>();
    private final List<Evidence> failures = new ArrayList<>();
    private final List<Evidence> degrading = new ArrayList<>();
    private final List<Evidence> waiting = new ArrayList<>();
    private final List<Evidence> worrying = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private OptionalInt remapped = OptionalInt.empty();
    private int mended;

    void counters(SmiGpu smi) {
      String rows = "Remapped Rows/";
      String pages = "Retired Pages/";
      count(smi, "rows remapped for uncorrectable errors", rows + "Uncorrectable Error")
          .ifPresent(count -> remapped = OptionalInt.of(count));
      count(smi, "rows remapped for correctable errors", rows + "Correctable Error");
      count(smi, "pages retired for double-bit errors", pages + "Double Bit ECC");
      count(smi, "pages retired for single-bit errors", pages + "Single Bit ECC");
      said(smi, failures, rows + "Remapping Failure Occurred");
      said(smi, waiting, rows + "Pending");
      said(smi, waiting, pages + "Pending Page Blacklist");
      said(smi, waiting, pages + "Pending");
      said(smi, failures, "ECC Errors/Aggregate/SRAM Threshold Exceeded");
      some(smi, worrying, rows + "Bank Remap Availability Histogram/None");
      some(smi, worrying, "ECC Errors/Volatile/DRAM Uncorrectable");
      some(smi, worrying, "ECC Errors/Volatile/Double Bit/Total");
    }

    private OptionalInt count(SmiGpu smi, String what, String path) {
      Optional<Known<String>> known = smi.value(path);
      if (known.isEmpty() || smi.number(path).isEmpty()) {
        return OptionalInt.empty();
      }
      int count = (int) smi.number(path).getAsDouble();
      seen.add(known.get().evidence());
      mended += count;
      if (count > 0) {
        words.add(count + " " + (count == 1 ? what.replaceFirst("s ", " ") : what) + ".");
      }
      return OptionalInt.of(count);
    }

    private void said(SmiGpu smi, List<Evidence> where, String path) {
      smi.value(path)
          .ifPresent(
              known -> {
                seen.add(known.evidence());
                if (known.value().equals("Yes")) {
                  where.add(known.evidence());
                }
              });
    }

    private void some(SmiGpu smi, List<Evidence> where, String path) {
      if (smi.number(path).orElse(0) > 0) {
        where.add(smi.value(path).orElseThrow().evidence());
      }
    }

    /** What an earlier look has counted. */
    void before(EarlierLook look, PciAddress gpu, boolean alone) {
      OptionalLong before = look.count(gpu, ErrorCount.REMAPPED_UNCORRECTABLE);
      if (before.isEmpty() && alone) {
        before = look.countOfTheOne(ErrorCount.REMAPPED_UNCORRECTABLE);
      }
      if (before.isPresent() && remapped.isPresent() && remapped.getAsInt() > before.getAsLong()) {
        worrying.add(EarlierLook.evidence(ErrorCount.REMAPPED_UNCORRECTABLE, before.getAsLong()));
        words.add("There were " + before.getAsLong() + " at " + look.words() + ".");
      }
    }

    void faults(List<XidEvent> faults, boolean counted) {
      faults.forEach(event -> seen.add(event.line().evidence()));
      Map<String, Set<String>> places = new TreeMap<>();
      faults.forEach(
          event ->
              event
                  .place()
                  .ifPresent(
                      place ->
                          places.computeIfAbsent(place, _ -> new TreeSet<>()).add(event.fault())));
      places.forEach((place, addresses) -> repeated(faults, place, addresses.size()));
      for (XidEvent event : faults) {
        if (event.number() == NOT_MENDED) {
          failures.add(event.line().evidence());
        } else if (event.number() == MARKED && !counted) {
          waiting.add(event.line().evidence());
        }
      }
      soonAgain(faults);
    }

    private void repeated(List<XidEvent> faults, String place, int addresses) {
      if (addresses > 1) {
        words.add(addresses + " faults at different addresses in " + place + ".");
        faults.stream()
            .filter(event -> event.place().equals(Optional.of(place)))
            .forEach(event -> degrading.add(event.line().evidence()));
      }
    }

    private void soonAgain(List<XidEvent> faults) {
      List<XidEvent> marked = faults.stream().filter(it -> it.number() == MARKED).toList();
      marked.stream()
          .filter(event -> event.line().seconds().orElse(SOON_SECONDS) < SOON_SECONDS)
          .filter(
              event ->
                  marked.stream()
                      .anyMatch(other -> !other.line().file().equals(event.line().file())))
          .reduce((_, last) -> last)
          .ifPresent(
              event -> {
                degrading.add(event.line().evidence());
                words.add(
                    "A new row failed %.0f s after the start that should have cured it."
                        .formatted(event.line().seconds().getAsDouble()));
              });
    }

    MemoryHealth build() {
      return new MemoryHealth(seen, failures, degrading, waiting, worrying, mended, words);
    }
  }
}
