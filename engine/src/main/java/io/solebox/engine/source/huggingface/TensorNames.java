package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Gives a model's tensors the names that they have in GGUF, by the rules of its family. */
final class TensorNames {
  private static final int MOST_NAMES = 8;
  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");

  /** What stands before the names of a model inside another; the longest first. */
  private static final List<String> PREFIXES =
      List.of(
          "model.language_model.",
          "language_model.model.",
          "language_model.",
          "transformer.",
          "gpt_neox.",
          "backbone.",
          "roberta.",
          "model.",
          "bert.");

  /** What any model may have and answers are the same without. */
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "(.*\\.)?rotary_emb\\.(inv_freq|.*_cached)",
          "frequencies of the rotation, which are computed from config.json",
          "(vision_tower|vision_model|visual|vision_encoder|multi_modal_projector|audio_tower|"
              + "embed_vision|embed_audio|patch_merger|vision_language_adapter)\\..*|image_newline",
          "reads pictures or sound; texts are answered without it");

  private final String place;
  private final Translation translation;
  private final Map<String, Rows> named = new LinkedHashMap<>();
  private final Map<String, TreeMap<Integer, Rows>> stacks = new LinkedHashMap<>();
  private final List<String> unknown = new ArrayList<>();
  private final Map<String, List<String>> leftOut = new TreeMap<>();

  /**
   * @param place of the model, for errors
   */
  TensorNames(String place, Translation translation) {
    this.place = place;
    this.translation = translation;
  }

  /** The name without what stands before it. */
  static String bare(String name) {
    return PREFIXES.stream()
        .filter(name::startsWith)
        .findFirst()
        .map(prefix -> name.substring(prefix.length()))
        .orElse(name);
  }

  /** Why a tensor may be left out; empty where it may not. */
  Optional<String> whyLeftOut(String name) {
    return Stream.of(LEFT_OUT, translation.leftOut())
        .flatMap(map -> map.entrySet().stream())
        .filter(e -> bare(name).matches(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Enters a tensor under its name there. */
  void put(String name, Optional<Rows> rows, String format) {
    Optional<String> reason = whyLeftOut(name);
    if (reason.isPresent()) {
      leftOut.computeIfAbsent(reason.get(), _ -> new ArrayList<>()).add(name);
      return;
    }
    Matcher numbers = NUMBER.matcher(bare(name));
    List<Integer> found = new ArrayList<>();
    while (numbers.find()) {
      found.add(number(name, numbers.group()));
    }
    List<Translation.Rule> rules =
        translation.rules().getOrDefault(NUMBER.matcher(bare(name)).replaceAll("{}"), List.of());
    if (rules.isEmpty() || rows.isEmpty()) {
      unknown.add(rows.isEmpty() ? name + " (" + format + ")" : name);
    }
    for (Translation.Rule rule : rows.isPresent() ? rules : List.<Translation.Rule>of()) {
      enter(name, rule, found, rows.get());
    }
  }

  private int number(String name, String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw bad(name, "has a number that makes no sense");
    }
  }

  private void enter(String name, Translation.Rule rule, List<Integer> numbers, Rows rows) {
    String target =
        numbers.isEmpty() ? rule.target() : rule.target().replace("{}", "" + numbers.getFirst());
    Rows changed;
    try {
      changed = rule.change().of(rows);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw bad(name, "has the shape %s, which does not fit config.json".formatted(rows.shape()));
    }
    boolean isOne = numbers.size() < 2;
    boolean again =
        isOne
            ? named.put(target, changed) != null
            : stacks.computeIfAbsent(target, _ -> new TreeMap<>()).put(numbers.get(1), changed)
                != null;
    if (again) {
      throw bad(name, "is there a second time under another name");
    }
  }

  /**
   * All tensors, those of single experts joined.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming tensors that are not known; {@code
   *     BAD_MODEL_FILE} for a stack with holes
   */
  Map<String, Rows> all() {
    if (!unknown.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          place,
          "%s not known to models of the kind %s: %s. Without them the answers would be wrong."
              .formatted(
                  unknown.size() == 1 ? "1 tensor is" : unknown.size() + " tensors are",
                  translation.architecture(),
                  names(unknown)),
          "Update Solebox, or use a GGUF file of the model if there is one that runs.");
    }
    stacks.forEach(
        (target, parts) -> {
          if (parts.lastKey() != parts.size() - 1) {
            throw bad(target, "lacks some of its " + (parts.lastKey() + 1) + " experts");
          }
          try {
            named.put(target, Rows.stacked(List.copyOf(parts.values())));
          } catch (IllegalArgumentException e) {
            throw bad(target, "has experts of several kinds: " + e.getMessage());
          }
        });
    translation.added().forEach(named::put);
    translation.joints().forEach(this::join);
    return named;
  }

  private void join(Translation.Joint joint) {
    for (String name : List.of(joint.target(), joint.other())) {
      if (!named.containsKey(name)) {
        throw bad(name, "is missing");
      }
    }
    try {
      Rows both = joint.merge().of(named.get(joint.target()), named.remove(joint.other()));
      named.put(joint.target(), both);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw bad(joint.target(), "does not fit " + joint.other() + " or config.json");
    }
  }

  /** What was left out, with the reasons. */
  List<String> notes() {
    return leftOut.entrySet().stream()
        .map(
            e ->
                "%d tensor%s not used: %s (%s)."
                    .formatted(
                        e.getValue().size(),
                        e.getValue().size() == 1 ? " is" : "s are",
                        names(e.getValue()),
                        e.getKey()))
        .toList();
  }

  private static String names(List<String> names) {
    List<String> first = names.stream().limit(MOST_NAMES).map(Printable::name).toList();
    return String.join(", ", first) + (names.size() > MOST_NAMES ? " and others" : "");
  }

  private SoleboxException bad(String name, String what) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place + ", tensor " + Printable.name(name),
        "the tensor " + what,
        "Download all files of the model again, from one place.");
  }
}
