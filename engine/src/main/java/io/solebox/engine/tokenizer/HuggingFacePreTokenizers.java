package io.solebox.engine.tokenizer;

import io.solebox.engine.regex.Regex;
import io.solebox.engine.regex.RegexException;
import io.solebox.engine.tokenizer.Splits.Behavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the pre-tokenizers of tokenizer.json (huggingface/tokenizers: pre_tokenizers). */
final class HuggingFacePreTokenizers {
  /** Signs of ASCII and all punctuation. */
  private static final String PUNCTUATION = "[!-/:-@\\[-`{-~\\p{P}]";

  private static final String WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d";

  private HuggingFacePreTokenizers() {}

  /**
   * A pre-tokenizer and what it does to the words.
   *
   * @param byteLevel whether words are bytes that tokens write in the {@link ByteAlphabet}
   */
  record Read(PreTokenizer preTokenizer, boolean byteLevel) {}

  /** Without one, the whole text is a word. */
  static Read read(Optional<JsonFields> fields) {
    List<JsonFields> stages = new ArrayList<>();
    fields.ifPresent(found -> flatten(found, stages));
    PreTokenizer all = (utf8, from, to, first, words) -> words.accept(utf8, from, to, first);
    int letters = stages.size();
    for (int i = 0; i < stages.size(); i++) {
      JsonFields stage = stages.get(i);
      if (stage.type().equals("ByteLevel")) {
        all = byteLevel(stage, all);
        letters = Math.min(letters, i + 1);
      } else {
        PreTokenizer next = single(stage);
        all = all.then(i >= letters ? ByteLevel.overLetters(next) : next);
      }
    }
    boolean byteLevel = stages.stream().anyMatch(stage -> stage.type().equals("ByteLevel"));
    return new Read(all, byteLevel);
  }

  private static void flatten(JsonFields fields, List<JsonFields> stages) {
    if (fields.type().equals("Sequence")) {
      fields.objects("pretokenizers").forEach(inner -> flatten(inner, stages));
    } else {
      stages.add(fields);
    }
  }

  private static PreTokenizer byteLevel(JsonFields fields, PreTokenizer before) {
    PreTokenizer all =
        fields.flag("add_prefix_space", true) ? before.then(ByteLevel.spaceInFront()) : before;
    return fields.flag("use_regex", true) ? all.then(isolated(Regex.of(WordPatterns.GPT2))) : all;
  }

  private static PreTokenizer isolated(Regex pattern) {
    return new Splits(pattern, Behavior.ISOLATED, false);
  }

  private static PreTokenizer removed(String pattern) {
    return new Splits(Regex.of(pattern), Behavior.REMOVED, false);
  }

  private static PreTokenizer single(JsonFields fields) {
    return switch (fields.type()) {
      case "BertPreTokenizer" -> removed("\\s").then(isolated(Regex.of(PUNCTUATION)));
      case "WhitespaceSplit" -> removed("\\s");
      case "Whitespace" ->
          new Splits(Regex.of("[" + WORD + "]+|[^" + WORD + "\\s]+"), Behavior.REMOVED, true);
      case "CharDelimiterSplit" ->
          new Splits(Regex.literal(fields.requiredText("delimiter")), Behavior.REMOVED, false);
      case "Punctuation" -> new Splits(Regex.of(PUNCTUATION), behavior(fields), false);
      case "Digits" ->
          new Splits(
              Regex.of("\\p{N}"),
              fields.flag("individual_digits", false) ? Behavior.ISOLATED : Behavior.CONTIGUOUS,
              false);
      case "Split" -> new Splits(pattern(fields), behavior(fields), fields.flag("invert", false));
      case "Metaspace" -> metaspace(fields);
      case "FixedLength" -> {
        int length = fields.number("length").orElse(5);
        if (length < 1 || length > 1000) {
          throw fields.bad("length", "must be from 1 to 1000");
        }
        yield isolated(Regex.of("(?m:.){1," + length + "}"));
      }
      default ->
          throw fields.unsupported(
              "type", "the pre-tokenizer " + fields.type() + " is not supported");
    };
  }

  private static Behavior behavior(JsonFields fields) {
    String name = fields.text("behavior").orElse("Isolated");
    return switch (name) {
      case "Removed" -> Behavior.REMOVED;
      case "Isolated" -> Behavior.ISOLATED;
      case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> Behavior.MERGED_WITH_NEXT;
      case "Contiguous" -> Behavior.CONTIGUOUS;
      default -> throw fields.unsupported("behavior", name + " is not supported");
    };
  }

  /** {@code "pattern": {"String": ...}} or {@code {"Regex": ...}}. */
  static Regex pattern(JsonFields fields) {
    JsonFields pattern = fields.requiredObject("pattern");
    Optional<String> literal = pattern.text("String");
    if (literal.isPresent()) {
      return Regex.literal(literal.get());
    }
    String regex = pattern.requiredText("Regex");
    try {
      return Regex.of(regex);
    } catch (RegexException e) {
      throw pattern.unsupported(
          "Regex", "the pattern " + regex + " is not supported: it has " + e.getMessage());
    }
  }

  private static PreTokenizer metaspace(JsonFields fields) {
    boolean oldPrepend = fields.flag("add_prefix_space", true);
    String scheme = fields.text("prepend_scheme").orElse(oldPrepend ? "always" : "never");
    Metaspace.Prepend prepend =
        switch (scheme) {
          case "always" -> Metaspace.Prepend.ALWAYS;
          case "first" -> Metaspace.Prepend.FIRST;
          case "never" -> Metaspace.Prepend.NEVER;
          default -> throw fields.unsupported("prepend_scheme", scheme + " is not supported");
        };
    return new Metaspace(
        fields.text("replacement").orElse("\u2581"), prepend, fields.flag("split", true));
  }
}
