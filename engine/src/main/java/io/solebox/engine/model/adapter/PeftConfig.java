package io.solebox.engine.model.adapter;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.source.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code adapter_config.json} of an adapter of PEFT (huggingface/peft:
 * src/peft/tuners/lora/config.py). A field that asks for something is computed or refused; those
 * that tell of the training alone are passed over.
 *
 * @param madeFor name of the model, for people
 * @param rankPattern by what names of modules end with
 * @param alphaPattern likewise
 */
record PeftConfig(
    Path path,
    Optional<String> madeFor,
    int rank,
    double alpha,
    boolean rootOfRank,
    Map<String, Double> rankPattern,
    Map<String, Double> alphaPattern) {
  static final String NAME = "adapter_config.json";

  /** Where the file does not say. */
  private static final int USUAL_ALPHA = 8;

  /** What says how it was trained, or what the tensors say themselves. */
  private static final Set<String> TELLING =
      Set.of(
          "auto_mapping",
          "base_model_name_or_path",
          "ensure_weight_tying",
          "eva_config",
          "exclude_modules",
          "fan_in_fan_out",
          "inference_mode",
          "layers_pattern",
          "layers_to_transform",
          "lora_dropout",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "target_modules",
          "task_type");

  /** A key that is no regular expression, but for dots. */
  private static final Pattern PLAIN = Pattern.compile("\\^?[\\w.]+");

  private static final Set<String> READ =
      Set.of(
          "alpha_pattern",
          "bias",
          "init_lora_weights",
          "lora_alpha",
          "peft_type",
          "r",
          "rank_pattern",
          "use_rslora");

  /** Ways to begin the training that leave the model's weights as they are. */
  private static final Set<Object> HARMLESS_BEGINNINGS =
      Set.of(true, false, "gaussian", "eva", "orthogonal");

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} for what is no such file; {@code
   *     UNSUPPORTED_MODEL} naming a field that asks for what nobody computes
   */
  static PeftConfig read(Path path) {
    Map<String, Object> fields;
    try {
      FileStamp.of(path);
      fields = new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(path));
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path + ", line " + e.line() + ", column " + e.column(),
          "the file is not JSON: " + e.what(),
          "Download it again.",
          e);
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
    return new Reader(path, fields).config();
  }

  /** What the changes of a module are multiplied with. */
  float scale(String module, int actualRank) {
    double own = pattern(alphaPattern, module).orElse(alpha);
    return (float) (rootOfRank ? own / Math.sqrt(actualRank) : own / actualRank);
  }

  int rankOf(String module) {
    return pattern(rankPattern, module).map(Double::intValue).orElse(rank);
  }

  /** The first key that a module's name ends with, as PEFT looks for it. */
  private static Optional<Double> pattern(Map<String, Double> patterns, String module) {
    return patterns.entrySet().stream()
        .filter(e -> matches(e.getKey(), module))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean matches(String key, String module) {
    return key.startsWith("^")
        ? module.equals(key.substring(1))
        : module.equals(key) || module.endsWith("." + key);
  }

  /** Reads fields, and remembers where they stand. */
  private record Reader(Path path, Map<String, Object> fields) {
    PeftConfig config() {
      Object type = fields.get("peft_type");
      if (!"LORA".equals(type)) {
        throw unsupported("peft_type", "is %s, and not LORA".formatted(shown(type)));
      }
      refuseWhatNobodyComputes();
      double rank = number("r", 0);
      if (!(rank >= 1 && rank == (int) rank)) {
        throw bad("r", "must be a whole number from 1 on, is " + shown(fields.get("r")));
      }
      double alpha = number("lora_alpha", USUAL_ALPHA);
      return new PeftConfig(
          path,
          fields.get("base_model_name_or_path") instanceof String name && !name.isBlank()
              ? Optional.of(name)
              : Optional.empty(),
          (int) rank,
          alpha,
          Boolean.TRUE.equals(fields.get("use_rslora")),
          pattern("rank_pattern"),
          pattern("alpha_pattern"));
    }

    private void refuseWhatNobodyComputes() {
      Object bias = fields.getOrDefault("bias", "none");
      if (bias != null && !bias.equals("none")) {
        throw unsupported("bias", "is %s: biases of the model are changed".formatted(shown(bias)));
      }
      Object beginning = fields.getOrDefault("init_lora_weights", true);
      if (beginning != null && !HARMLESS_BEGINNINGS.contains(beginning)) {
        throw unsupported(
            "init_lora_weights",
            "is %s: the model's own weights were changed before the training"
                .formatted(shown(beginning)));
      }
      fields.forEach(
          (name, value) -> {
            boolean known = TELLING.contains(name) || READ.contains(name);
            if (!known && asksForSomething(value)) {
              throw unsupported(name, "is " + shown(value));
            }
          });
    }

    private static boolean asksForSomething(Object value) {
      return switch (value) {
        case null -> false;
        case Boolean flag -> flag;
        case Number number -> number.doubleValue() != 0;
        case String text -> !text.isEmpty();
        case Collection<?> list -> !list.isEmpty();
        case Map<?, ?> map -> !map.isEmpty();
        case Object _ -> true;
      };
    }

    private double number(String name, double absent) {
      Object value = fields.get(name);
      if (value == null) {
        return absent;
      }
      if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        throw bad(name, "must be a number, is " + shown(value));
      }
      return number.doubleValue();
    }

    private Map<String, Double> pattern(String name) {
      Object value = fields.get(name);
      Map<String, Double> numbers = new LinkedHashMap<>();
      if (value != null && !(value instanceof Map<?, ?>)) {
        throw bad(name, "must be an object, is " + shown(value));
      }
      if (value instanceof Map<?, ?> map) {
        for (var entry : map.entrySet()) {
          String key = (String) entry.getKey();
          if (!(entry.getValue() instanceof Number number) || number.doubleValue() <= 0) {
            throw bad(name, "must have numbers above 0, has " + shown(entry.getValue()));
          }
          if (!PLAIN.matcher(key).matches()) {
            throw unsupported(name, "has the pattern " + shown(key));
          }
          numbers.put(key, number.doubleValue());
        }
      }
      return numbers;
    }

    private SoleboxException bad(String name, String what) {
      return new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path + ", " + Printable.name(name),
          "the field " + Printable.name(name) + " " + what,
          "Download the adapter again.");
    }

    private SoleboxException unsupported(String name, String what) {
      return new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          path + ", " + Printable.name(name),
          "The adapter asks for what is not computed: %s %s.".formatted(Printable.name(name), what),
          "Use an ordinary LoRA adapter, or a model that has this one merged in.");
    }

    private static String shown(Object value) {
      return Printable.name(String.valueOf(value));
    }
  }
}
