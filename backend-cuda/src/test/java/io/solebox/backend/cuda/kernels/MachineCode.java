package io.solebox.backend.cuda.kernels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What is known of the machine code of one entry for one target, and the table of it.
 *
 * @param blocks that a multiprocessor holds at a time
 * @param loads 16-byte loads of weights, or loads of keys and values, under way before the first is
 *     used; empty where an entry streams neither
 */
record MachineCode(
    String entry, String target, int registers, int sharedBytes, int blocks, OptionalInt loads) {
  /** Registers of a multiprocessor, in four parts of which each warp lives in one. */
  private static final int REGISTERS = 64 * 1024;

  private static final int MOST_BLOCKS = 32;
  private static final int MOST_WARPS = 64;

  String key() {
    return entry + " " + target;
  }

  /**
   * Blocks of a multiprocessor by registers, warps and shared memory, as CUDA's calculator has it.
   */
  static int blocks(String target, int registers, int sharedBytes, int threads) {
    int warps = threads / 32;
    int ofWarp = roundUp(32 * roundUp(registers, 8), 256);
    int byRegisters = 4 * (REGISTERS / 4 / ofWarp) / warps;
    int reserved = target.equals("sm_70") ? 0 : 1024;
    int shared = roundUp(sharedBytes + reserved, 256);
    int byShared = shared == 0 ? MOST_BLOCKS : sharedOf(target) / shared;
    return Math.min(Math.min(MOST_BLOCKS, MOST_WARPS / warps), Math.min(byRegisters, byShared));
  }

  private static int sharedOf(String target) {
    int kib =
        switch (target) {
          case "sm_70" -> 96;
          case "sm_80" -> 164;
          case "sm_90" -> 228;
          default -> throw new IllegalArgumentException(target);
        };
    return 1024 * kib;
  }

  private static int roundUp(int n, int unit) {
    return Math.ceilDiv(n, unit) * unit;
  }

  /** A table's lines; those that begin with {@code #} are comments. */
  static Map<String, MachineCode> parse(List<String> lines) {
    var table = new TreeMap<String, MachineCode>();
    for (String line : lines) {
      if (!line.startsWith("#")) {
        String[] words = line.strip().split("\\s+");
        for (int t = 0; t < PtxSources.TARGETS.size(); t++) {
          String target = PtxSources.TARGETS.get(t);
          cell(words[0], target, words[1 + t]).forEach(c -> table.put(c.key(), c));
        }
      }
    }
    return table;
  }

  /** {@code registers/shared/blocks/loads}, or {@code -} where the target has no such entry. */
  private static List<MachineCode> cell(String entry, String target, String text) {
    if (text.equals("-")) {
      return List.of();
    }
    String[] parts = text.split("/");
    int registers = Integer.parseInt(parts[0]);
    int shared = Integer.parseInt(parts[1]);
    int blocks = Integer.parseInt(parts[2]);
    OptionalInt loads =
        parts.length > 3 ? OptionalInt.of(Integer.parseInt(parts[3])) : OptionalInt.empty();
    return List.of(new MachineCode(entry, target, registers, shared, blocks, loads));
  }

  /** Lines for a table of `all`, by entry. */
  static List<String> lines(Collection<MachineCode> all) {
    var byEntry = new TreeMap<String, Map<String, MachineCode>>();
    all.forEach(c -> byEntry.computeIfAbsent(c.entry, e -> new TreeMap<>()).put(c.target, c));
    var lines = new ArrayList<String>();
    byEntry.forEach(
        (entry, cells) -> {
          var line = new StringBuilder("%-26s".formatted(entry));
          for (String target : PtxSources.TARGETS) {
            String cell = cells.containsKey(target) ? cells.get(target).cell() : "-";
            line.append(" %-16s".formatted(cell));
          }
          lines.add(line.toString().stripTrailing());
        });
    return lines;
  }

  private String cell() {
    String start = "%d/%d/%d".formatted(registers, sharedBytes, blocks);
    return loads.isPresent() ? start + "/" + loads.getAsInt() : start;
  }
}
