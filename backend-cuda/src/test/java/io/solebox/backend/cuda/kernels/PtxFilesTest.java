package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.kernels.PtxSources.PtxModule;
import io.solebox.backend.cuda.kernels.PtxSources.PtxText;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The committed PTX belongs to the committed sources and holds what a driver of its age accepts.
 */
class PtxFilesTest {
  private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(");
  private static final Pattern OPCODE =
      Pattern.compile(
          "^\\s*(?:@!?%p\\d+ )?\\s*\\{?\\s*([a-z]\\w*(?:\\.[\\w:]+)*)", Pattern.MULTILINE);

  /** Everything a kernel may use; each is in PTX 7.8 for sm_70, unless {@link #FROM_SM_80}. */
  private static final Set<String> OPCODES =
      Set.of(
          "abs",
          "add",
          "and",
          "atom",
          "bar",
          "bfe",
          "bfi",
          "bra",
          "clz",
          "cvt",
          "cvta",
          "div",
          "dp4a",
          "ex2",
          "fence",
          "fma",
          "ld",
          "lg2",
          "mad",
          "max",
          "min",
          "mma",
          "mov",
          "mul",
          "nanosleep",
          "neg",
          "not",
          "or",
          "popc",
          "prefetch",
          "prmt",
          "rcp",
          "rem",
          "ret",
          "rsqrt",
          "selp",
          "setp",
          "shfl",
          "shl",
          "shr",
          "slct",
          "sqrt",
          "st",
          "sub",
          "xor");

  private static final Set<String> FROM_SM_80 = Set.of("cp", "ldmatrix");
  private static final Set<String> FROM_SM_90 = Set.of("griddepcontrol");

  static Stream<PtxText> files() {
    return PtxSources.all();
  }

  @Test
  void everyModuleIsThereAndWhatTensorCoresComputeTwice() {
    List<String> all = PtxSources.modules().stream().map(m -> m.name() + ".ptx").sorted().toList();
    assertEquals(all, PtxSources.committed("sm_70"));
    Predicate<String> twice =
        Pattern.compile("(matmul_(?!f32)|prefill_attention_mma|matrix_rate|burn).*")
            .asMatchPredicate();
    assertEquals(all.stream().filter(twice).toList(), PtxSources.committed("sm_80"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void belongsToItsSource(PtxText ptx) {
    String hash = PtxSources.hash(ptx.compiledFor(), ptx.module(), ptx.header("compiler"));
    assertEquals(
        hash,
        ptx.header("sha256"),
        "source changed: run src/main/cuda/build.sh and commit the PTX");
  }

  @ParameterizedTest
  @MethodSource("files")
  void versionAndTarget(PtxText ptx) {
    assertTrue(ptx.text().contains("\n.version 7.8\n"));
    assertTrue(ptx.text().contains("\n.target " + ptx.target() + "\n"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void entriesAreThePlans(PtxText ptx) {
    Set<String> entries =
        ENTRY.matcher(ptx.text()).results().map(m -> m.group(1)).collect(Collectors.toSet());
    assertEquals(entries(ptx.target(), ptx.module()), new TreeSet<>(entries));
  }

  /** The entries of docs/cuda-backend.md. */
  private static Set<String> entries(String target, PtxModule module) {
    var entries = new TreeSet<String>();
    String format = module.name().replaceFirst("^(embed|linear|matmul)_", "");
    switch (module.name().replaceFirst("_" + format + "$", "")) {
      case "embed" -> entries.add("embed_" + format);
      case "norm" -> entries.addAll(List.of("rmsnorm", "layernorm"));
      case "quantize" -> entries.add("quantize_q8");
      case "linear" ->
          List.of(1, 2, 4, 8)
              .forEach(
                  n -> {
                    entries.add("linear_" + format + "_" + n);
                    entries.add("swiglu_" + format + "_" + n);
                    entries.add("each_" + format);
                    entries.add("each_gated_" + format);
                  });
      case "matmul" -> {
        entries.add("matmul_" + format);
        entries.add("grouped_" + format);
        if (LinearProducts.takesHalves(target, format)) {
          entries.add("matmul_" + format + "_128");
        }
      }
      case "pointwise" ->
          entries.addAll(
              List.of(
                  "add",
                  "gate",
                  "activate",
                  "scale",
                  "soft_cap",
                  "scale_rows",
                  "scale_columns",
                  "scale_by_position",
                  "add_vector",
                  "embed_position",
                  "slice",
                  "join",
                  "round_f16",
                  "round_bf16",
                  "select_rows"));
      case "rope" -> caches("rope_kv_").forEach(entries::add);
      case "attention" -> {
        entries.add("attention_combine");
        caches("attention_")
            .forEach(e -> List.of(1, 2, 4, 8).forEach(g -> entries.add(e + "_" + g)));
      }
      case "prefill_attention" -> caches("prefill_attention_").forEach(entries::add);
      case "prefill_attention_mma" ->
          List.of("f16_64", "f16_128", "q8_0_64", "q8_0_128")
              .forEach(e -> entries.add("prefill_attention_" + e));
      case "state" ->
          List.of("gated_delta_", "selective_scan_")
              .forEach(e -> List.of(128, 256).forEach(most -> entries.add(e + most)));
      case "experts" -> entries.addAll(List.of("route", "group_slots", "mix"));
      case "latent" -> caches("latent_").forEach(entries::add);
      case "answers" ->
          entries.addAll(
              List.of(
                  "apply_bias",
                  "apply_mask",
                  "row_stats",
                  "row_best",
                  "topk_first",
                  "topk_next",
                  "draw_sums",
                  "draw",
                  "pick"));
      case "adapters" -> entries.addAll(List.of("lora_down", "lora_up"));
      case "sequence" -> entries.addAll(List.of("short_conv", "keep_inputs", "mean_rows"));
      case "bandwidth" ->
          entries.addAll(
              List.of(
                  "read_interleaved_8", "read_interleaved_4", "read_contiguous_8", "fill_random"));
      case "all_reduce" -> entries.addAll(List.of("all_reduce_one_shot", "all_reduce_two_shots"));
      case "probes" -> entries.addAll(List.of("empty", "chase", "prefetch_lines"));
      case "matrix_rate" -> entries.add("matrix_rate");
      case "burn" -> entries.addAll(List.of("burn_f16", "burn_int8", "burn_f32"));
      case "memory_walk" -> entries.addAll(List.of("walk_write", "walk_read"));
      default -> throw new AssertionError("entries of " + module + " are not known here");
    }
    return entries;
  }

  private static Stream<String> caches(String start) {
    return Stream.of("f32", "f16", "q8_0").map(kv -> start + kv);
  }

  @ParameterizedTest
  @MethodSource("files")
  void usesNoInstructionAboveItsTarget(PtxText ptx) {
    String code =
        ptx.text().lines().filter(l -> !l.startsWith("//")).collect(Collectors.joining("\n"));
    Set<String> known = new TreeSet<>(OPCODES);
    if (!ptx.target().equals("sm_70")) {
      known.addAll(FROM_SM_80);
    }
    if (ptx.target().equals("sm_90")) {
      known.addAll(FROM_SM_90);
    }
    Set<String> used =
        OPCODE
            .matcher(code)
            .results()
            .map(m -> m.group(1).replaceFirst("\\..*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    used.removeAll(known);
    assertEquals(Set.of(), used, "opcodes that need a PTX version or a target named here");
  }

  /** Volta has but this one; it is there on later GPUs, but slow. */
  @ParameterizedTest
  @MethodSource("files")
  void multipliesMatricesInTheShapeOfItsTarget(PtxText ptx) {
    boolean volta = ptx.target().equals("sm_70");
    int ofVolta = count(ptx.text(), "mma\\.sync\\.aligned\\.m8n8k4\\.");
    assertEquals(volta ? count(ptx.text(), "mma\\.sync") : 0, ofVolta);
  }

  /** Local memory is what does not fit registers: a thousand times slower. */
  @ParameterizedTest
  @MethodSource("files")
  void keepsEverythingInRegisters(PtxText ptx) {
    assertFalse(ptx.text().contains(".local"), "local memory");
  }

  /** Every entry loads weights 16 bytes at a time, from both of its rows. */
  @ParameterizedTest
  @MethodSource("files")
  void weightsAreLoaded16BytesATime(PtxText ptx) {
    if (!ptx.module().name().startsWith("linear_")) {
      return;
    }
    for (String body : ptx.text().split("\\.visible \\.entry ")) {
      if (!body.startsWith("linear") && !body.startsWith("swiglu")) {
        continue;
      }
      String name = body.substring(0, body.indexOf('('));
      int wide = count(body, "ld\\.global\\.nc\\.L1::no_allocate\\.v4\\.u32");
      assertTrue(wide >= 2, name + " has " + wide + " 16-byte loads of weights");
      if (name.startsWith("linear_q")) {
        int scalarBytes = count(body, "ld\\.global(\\.nc)?\\.[us]8 ");
        int scales = name.startsWith("linear_q6_k") ? 8 : 0;
        assertTrue(scalarBytes <= scales, name + " loads " + scalarBytes + " single bytes");
      }
    }
  }

  /** Each plane of both rows is on its way before a product waits for the kernel before it. */
  @ParameterizedTest
  @MethodSource("files")
  void productsForHopperPrefetch(PtxText ptx) {
    if (!ptx.target().equals("sm_90") || !ptx.module().name().startsWith("linear_")) {
      return;
    }
    for (String body : ptx.text().split("\\.visible \\.entry ")) {
      if (body.startsWith("linear") || body.startsWith("swiglu")) {
        String name = body.substring(0, body.indexOf('('));
        String before = body.substring(0, body.indexOf("griddepcontrol.wait"));
        int planes = planes(ptx.module().name().replaceFirst("linear_", ""));
        assertEquals(2 * planes, count(before, "prefetch\\.global\\.L2"), name);
      }
    }
  }

  private static int planes(String format) {
    return switch (format) {
      case "f32", "f16", "bf16" -> 1;
      case "q5_0", "q5_1", "q5_k", "q2_k", "iq2_xs", "iq2_s", "iq3_xxs" -> 3;
      case "q6_k", "q3_k", "iq3_s" -> 4;
      default -> 2;
    };
  }

  private static int count(String text, String pattern) {
    return (int) Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).count();
  }
}
