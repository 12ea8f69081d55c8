package io.solebox.planner.machine;

import io.solebox.hardware.doctor.facts.WindowNeed;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.Quantity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether the BARs of cards have room in the windows of a host: all prefetchable ones of a root
 * together, in one window, at the alignment that they need (design notes 4.1).
 *
 * @param card whose memory is mapped
 * @param count of such cards, behind one root
 * @param bar1Bytes one of the sizes that its BAR1 may have
 * @param need for all of them
 * @param least bytes that they have at all, without gaps
 * @param windows one for each of which something is known
 */
public record BarFit(
    Part card,
    int count,
    long bar1Bytes,
    WindowNeed need,
    long least,
    Map<Window, Verdict> windows) {
  /** Of NVIDIA's cards, as recorded machines have it: M40, A100, RTX 5000 Ada. */
  private static final long BAR3 = 32L << 20;

  public BarFit {
    windows = Collections.unmodifiableMap(new LinkedHashMap<>(windows));
  }

  /**
   * @param bytes of the window
   * @param source where that was read
   */
  public record Verdict(Room room, long bytes, String source) {}

  /** How much room there is. */
  public enum Room {
    /** Enough. */
    FITS,
    /** For the BARs, but not for the window that Linux before 6.19 asks for. */
    TIGHT,
    /** Too little, whoever places them. */
    TOO_SMALL;

    /** For programs. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of each kind of card and each size that its BAR1 may have. */
  public static List<BarFit> all(Part host, List<Part> cards) {
    Map<Part, Integer> counts = new LinkedHashMap<>();
    cards.forEach(each -> counts.merge(each, 1, Integer::sum));
    List<BarFit> fits = new ArrayList<>();
    counts.forEach(
        (card, count) ->
            card.figure(Quantity.BAR1_MIB).stream()
                .flatMap(known -> known.values().stream())
                .map(mib -> of(host, card, count, (long) (mib * (1L << 20))))
                .forEach(fits::add));
    return fits;
  }

  private static BarFit of(Part host, Part card, int count, long bar1) {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sizes.add(bar1);
      sizes.add(BAR3);
    }
    WindowNeed need = WindowNeed.of(sizes);
    long least = count * (bar1 + BAR3);
    Map<Window, Verdict> windows = new LinkedHashMap<>();
    for (Window window : Window.values()) {
      host.figure(window.quantity())
          .ifPresent(known -> windows.put(window, verdict(need, least, known)));
    }
    return new BarFit(card, count, bar1, need, least, windows);
  }

  private static Verdict verdict(WindowNeed need, long least, Figure window) {
    long bytes = (long) window.high();
    Room room = bytes >= need.bytes() ? Room.FITS : bytes >= least ? Room.TIGHT : Room.TOO_SMALL;
    return new Verdict(room, bytes, window.source());
  }

  /** The first of hardware, firmware and device tree that has no room; empty where all have. */
  public Optional<Window> limit() {
    return windows.entrySet().stream()
        .filter(each -> each.getValue().room() != Room.FITS)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether there is a window known that holds them. */
  public boolean fits() {
    return limit().isEmpty() && !windows.isEmpty();
  }

  /** In a sentence or two. */
  public String says() {
    String what =
        "%s%s with a BAR1 of %s needs %s in one prefetchable window"
            .formatted(count > 1 ? count + " x " : "", card.name(), PciBar.bytes(bar1Bytes), need);
    if (windows.isEmpty()) {
      return what + "; what this host hands on is not known before it is there.";
    }
    return limit()
        .map(window -> what + ". " + refusal(window) + " " + remedy(window))
        .orElseGet(() -> what + ", and " + roomiest() + ".");
  }

  private String roomiest() {
    return windows.entrySet().stream()
        .map(each -> each.getKey().who() + " has " + PciBar.bytes(each.getValue().bytes()))
        .collect(Collectors.joining(", "));
  }

  private String refusal(Window window) {
    Verdict verdict = windows.get(window);
    String has = "%s has %s".formatted(window.who(), PciBar.bytes(verdict.bytes()));
    String begin = Character.toUpperCase(has.charAt(0)) + has.substring(1);
    return verdict.room() == Room.TIGHT
        ? begin + ", which holds the BARs but not the window that Linux before 6.19 asks for."
        : begin + ", and that is the limit.";
  }

  private String remedy(Window window) {
    boolean smaller = card.figure(Quantity.BAR1_MIB).orElseThrow().low() * (1L << 20) < bar1Bytes;
    String shrink =
        smaller
            ? "Set the card to its smaller BAR1 (display mode, or resizable BAR)."
            : "Take another host, or a card with less memory.";
    return switch (window) {
      case HARDWARE -> "No firmware changes that. " + shrink;
      case FIRMWARE ->
          windows.containsKey(Window.HARDWARE)
              ? "The chip has room: a firmware that declares more would do. " + shrink
              : "Only another firmware would change that. " + shrink;
      case DEVICE_TREE -> "A device tree with larger ranges would do. " + shrink;
    };
  }
}
