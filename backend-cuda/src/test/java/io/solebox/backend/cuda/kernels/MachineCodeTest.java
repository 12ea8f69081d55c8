package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.solebox.backend.cuda.kernels.Assembler.Usage;
import io.solebox.backend.cuda.kernels.PtxSources.PtxText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What NVIDIA's assembler makes of the committed PTX holds what the kernels' comments promise:
 * nothing spills, enough blocks are resident, loads are sent before the first is used, and no
 * product empties the first-level cache. Skipped where {@code ptxas} or {@code nvdisasm} is
 * missing.
 *
 * <p>Registers, shared memory, blocks and loads are held against a table. After a change that is
 * meant to change them, {@code -Dsolebox.machine-code.renew=true} writes it anew.
 */
class MachineCodeTest {
  private static final Path TABLE =
      Path.of("src/test/resources/io/solebox/backend/cuda/kernels/machine-code.txt");
  private static final String RENEW = "solebox.machine-code.renew";
  private static final String RELEASE = "# ptxas ";
  private static final Pattern THREADS =
      Pattern.compile("\\.visible \\.entry (\\w+)\\([^)]*\\)\\s+\\.maxntid (\\d+), 1, 1");

  /** Entries whose share of a step or of a prompt makes them worth a line of the table. */
  private static final Pattern TABLED =
      Pattern.compile(
          "(linear|swiglu|each|attention|matmul|grouped|prefill_attention|latent)_.*"
              + "|(gated_delta|selective_scan|rope_kv|read)_.*|rmsnorm");

  /** What does little else than to load weights, or what stands for them. */
  private static final Pattern STREAMING = Pattern.compile("(linear|swiglu)_\\w+_1|read_.*");

  private static final Pattern ATTENTION = Pattern.compile("attention_\\w+_[1248]");

  /** An entry as it was assembled; its code where something is asked of it. */
  private record Assembled(PtxText ptx, Usage usage, int threads, Optional<Sass> code) {
    String name() {
      return usage.entry() + " for " + ptx.target();
    }

    boolean is(Pattern pattern) {
      return pattern.matcher(usage.entry()).matches();
    }

    OptionalInt loads() {
      if (is(STREAMING)) {
        return OptionalInt.of(LoadsInFlight.ofMainLoop(code.orElseThrow()));
      }
      return is(ATTENTION)
          ? LoadsInFlight.ofAttention(code.orElseThrow()).stream().mapToInt(i -> i).min()
          : OptionalInt.empty();
    }

    MachineCode facts() {
      int registers = usage.registers();
      int shared = usage.sharedBytes();
      int blocks = MachineCode.blocks(ptx.target(), registers, shared, threads);
      return new MachineCode(usage.entry(), ptx.target(), registers, shared, blocks, loads());
    }
  }

  private static Assembler assembler;
  private static List<Assembled> entries;

  @BeforeAll
  static void assembleAll(@TempDir Path folder) throws InterruptedException, ExecutionException {
    assembler = Assembler.findOrSkip();
    entries = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Callable<List<Assembled>>> tasks =
          PtxSources.all().<Callable<List<Assembled>>>map(p -> () -> assemble(p, folder)).toList();
      for (Future<List<Assembled>> assembled : threads.invokeAll(tasks)) {
        entries.addAll(assembled.get());
      }
    }
  }

  private static List<Assembled> assemble(PtxText ptx, Path folder) {
    Path cubin = folder.resolve(ptx.target() + "-" + ptx.module().name() + ".cubin");
    List<Usage> usages = assembler.assemble(ptx, cubin);
    String module = ptx.module().name();
    boolean read =
        module.startsWith("linear_") || Set.of("attention", "bandwidth").contains(module);
    Map<String, Sass> code = read ? Sass.parse(assembler.disassemble(cubin)) : Map.of();
    Map<String, Integer> threads = threads(ptx);
    assertEquals(threads.size(), usages.size(), ptx + ": entries");
    return usages.stream()
        .map(
            u ->
                new Assembled(
                    ptx, u, threads.get(u.entry()), Optional.ofNullable(code.get(u.entry()))))
        .toList();
  }

  private static Map<String, Integer> threads(PtxText ptx) {
    var threads = new TreeMap<String, Integer>();
    Matcher m = THREADS.matcher(ptx.text());
    while (m.find()) {
      threads.put(m.group(1), Integer.parseInt(m.group(2)));
    }
    return threads;
  }

  private static Stream<Assembled> those(Pattern pattern) {
    return entries.stream().filter(e -> e.is(pattern));
  }

  @Test
  void nothingSpillsOrHasAStack() {
    List<String> spilling =
        entries.stream().filter(e -> e.usage().localBytes() > 0).map(Assembled::name).toList();
    assertEquals(List.of(), spilling);
  }

  /**
   * Registers may differ a little from release to release of the assembler; what they allow may
   * not.
   */
  @Test
  void staysWithinTheTable() throws IOException {
    List<MachineCode> facts = those(TABLED).map(Assembled::facts).toList();
    if (Boolean.getBoolean(RENEW)) {
      write(facts);
    }
    List<String> lines = Files.readAllLines(TABLE);
    boolean sameRelease = lines.contains(RELEASE + assembler.release());
    Map<String, MachineCode> table = MachineCode.parse(lines);
    var known = new ArrayList<String>();
    var wrong = new ArrayList<String>();
    for (MachineCode fact : facts) {
      known.add(fact.key());
      MachineCode limit = table.get(fact.key());
      if (limit == null) {
        wrong.add(fact.key() + " is not in the table");
      } else {
        compare(fact, limit, sameRelease, wrong);
      }
    }
    table.keySet().stream().filter(k -> !known.contains(k)).forEach(k -> wrong.add("no " + k));
    assertEquals(List.of(), wrong, "if this is meant, renew the table with -D" + RENEW + "=true");
  }

  private static void compare(
      MachineCode fact, MachineCode limit, boolean sameRelease, List<String> wrong) {
    String format = fact.key() + ": %s %d, in the table %d";
    if (sameRelease && fact.registers() > limit.registers()) {
      wrong.add(format.formatted("registers", fact.registers(), limit.registers()));
    }
    if (fact.sharedBytes() > limit.sharedBytes()) {
      wrong.add(format.formatted("shared bytes", fact.sharedBytes(), limit.sharedBytes()));
    }
    if (fact.blocks() < limit.blocks()) {
      wrong.add(format.formatted("blocks", fact.blocks(), limit.blocks()));
    }
    if (fact.loads().orElse(0) < limit.loads().orElse(0)) {
      wrong.add(format.formatted("loads", fact.loads().orElse(0), limit.loads().orElse(0)));
    }
  }

  private static void write(Collection<MachineCode> facts) throws IOException {
    var lines =
        new ArrayList<>(
            List.of(
                "# Machine code of the kernels that matter, as MachineCodeTest measures it: registers and bytes of",
                "# shared memory (at most), blocks per multiprocessor (at least), and where an entry streams weights,",
                "# keys or values, loads under way before the first is used (at least). Columns: sm_70 (assembled for",
                "# sm_75), sm_80, sm_90. Written by that test with -D" + RENEW + "=true.",
                RELEASE + assembler.release()));
    lines.addAll(MachineCode.lines(facts));
    Files.write(TABLE, lines);
  }

  /** Keys and values each have a first batch and, in a loop, further ones; all are as large. */
  @Test
  void attentionSendsWholeBatches() {
    var wrong = new ArrayList<String>();
    those(ATTENTION)
        .forEach(
            e -> {
              List<Integer> batches = LoadsInFlight.ofAttention(e.code().orElseThrow());
              if (batches.size() != 4 || batches.stream().distinct().count() != 1) {
                wrong.add(e.name() + " has batches of " + batches);
              }
            });
    assertEquals(List.of(), wrong);
  }

  /**
   * The warps of 31 rows in 32 end behind the atomic addition, and what they run must not empty the
   * first-level cache, from which the other warps of the multiprocessor read activations.
   */
  @Test
  void mostWarpsOfSwigluLeaveTheCacheAlone() {
    List<Assembled> kernels = those(Pattern.compile("swiglu_\\w+_[1248]")).toList();
    assertFalse(kernels.isEmpty());
    var wrong = new ArrayList<String>();
    for (Assembled kernel : kernels) {
      Sass code = kernel.code().orElseThrow();
      if (code.beforeNearestExit(code.only("ATOMG")).stream()
          .anyMatch(i -> i.opcode().startsWith("CCTL.IVALL"))) {
        wrong.add(kernel.name());
      }
    }
    assertEquals(List.of(), wrong, "CCTL.IVALL before the atomic addition or right behind it");
  }
}
