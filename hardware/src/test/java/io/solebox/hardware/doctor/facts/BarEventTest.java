package io.solebox.hardware.doctor.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.doctor.facts.BarEvent.Action;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciBar.Kind;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Both wordings of Linux, of lines that kernels have printed. */
class BarEventTest {
  private static void check(String text, Action action, PciBar bar) {
    BarEvent event =
        BarEvent.of(new LogLine("dmesg.txt", 1, OptionalDouble.empty(), text)).orElseThrow();
    assertEquals(action, event.action(), text);
    assertEquals(bar, event.bar(), text);
  }

  private static PciBar bar(Kind kind, int index, long start, long size, boolean prefetchable) {
    OptionalLong place = start == 0 ? OptionalLong.empty() : OptionalLong.of(start);
    return new PciBar(kind, index, place, size, prefetchable);
  }

  @Test
  void newWording() {
    check(
        "pci 0000:01:00.0: BAR 2 [mem 0x00000000-0x7ffffffff 64bit pref]",
        Action.FOUND,
        bar(Kind.BAR, 2, 0, 32L << 30, true));
    check(
        "pci 0000:01:00.0: BAR 2 [mem size 0x800000000 64bit pref]: can't assign; no space",
        Action.NO_SPACE,
        bar(Kind.BAR, 2, 0, 32L << 30, true));
    check(
        "pci 0000:00:01.0: bridge window [mem size 0xc00000000 64bit pref]: failed to assign",
        Action.FAILED,
        bar(Kind.PREFETCHABLE_WINDOW, 0, 0, 48L << 30, true));
    check(
        "pci 0000:00:01.0:   bridge window [mem 0x10000000-0x101fffff]",
        Action.FOUND,
        bar(Kind.WINDOW, 0, 0x10000000L, 2L << 20, false));
    check(
        "pci 0000:25:00.0: VF BAR 0 [mem size 0x00100000 64bit]: can't assign; no space",
        Action.NO_SPACE,
        bar(Kind.VF_BAR, 0, 0, 1L << 20, false));
    check(
        "pci 0000:01:00.0: ROM [mem size 0x00080000 pref]: can't assign; no space",
        Action.NO_SPACE,
        bar(Kind.ROM, 0, 0, 512L << 10, true));
  }

  @Test
  void oldWording() {
    check(
        "pci 0000:01:00.0: reg 0x14: [mem 0x6000000000-0x67ffffffff 64bit pref]",
        Action.FOUND,
        bar(Kind.BAR, 1, 0x6000000000L, 32L << 30, true));
    check(
        "pci 0000:01:00.0: BAR 1: no space for [mem size 0x400000000 64bit pref]",
        Action.NO_SPACE,
        bar(Kind.BAR, 1, 0, 16L << 30, true));
    check(
        "pci 0000:00:1c.0: BAR 15: failed to assign [mem size 0x600000000 64bit pref]",
        Action.FAILED,
        bar(Kind.PREFETCHABLE_WINDOW, 0, 0, 24L << 30, true));
    check(
        "pci 0000:25:00.0: BAR 10: no space for [mem size 0x00100000 64bit]",
        Action.NO_SPACE,
        bar(Kind.VF_BAR, 3, 0, 1L << 20, false));
    check(
        "amdgpu 0001:03:00.0: BAR 0: assigned [mem 0x1800000000-0x180fffffff 64bit pref]",
        Action.ASSIGNED,
        bar(Kind.BAR, 0, 0x1800000000L, 256L << 20, true));
    check(
        "pci 0000:01:00.0: BAR 5: no space for [io  size 0x0080]",
        Action.NO_SPACE,
        bar(Kind.IO, 5, 0, 0x80, false));
  }

  @Test
  void linesOfOtherThingsAreNone() {
    assertTrue(
        BarEvent.of(new LogLine("dmesg.txt", 1, OptionalDouble.empty(), "NVRM: BAR1 is 0M @ 0x0"))
            .isEmpty());
  }
}
