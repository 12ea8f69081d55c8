package io.solebox.server.llama;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.answers.ContextFit;
import io.solebox.server.answers.ShiftWish;
import io.solebox.server.formats.AskedStructures;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads the bodies of {@code /completion} and {@code /infill}. */
record CompletionReader(FieldTable table) {
  /**
   * What is asked for.
   *
   * @param requests one for each prompt
   * @param withTokens whether the answer has its ids
   * @param members that the answer is to have alone, as in {@code timings/prompt_n}; empty for all
   */
  record Ask(
      List<AnswerRequest> requests, boolean stream, boolean withTokens, List<String> members) {}

  /** As many as {@code /v1/completions} takes. */
  private static final int MAX_PROMPTS = 128;

  /** Makes the prompts of a body. */
  @FunctionalInterface
  private interface PromptReader {
    List<Prompt> read(Fields body, Models.Named named);
  }

  /**
   * @param use takes the model that the request names
   */
  Ask completion(Map<String, Object> json, Models.Use use) throws InterruptedException {
    return read(LlamaFields.COMPLETION, json, "prompt", CompletionReader::texts, use);
  }

  /**
   * @param use takes the model that the request names
   */
  Ask infill(Map<String, Object> json, Models.Use use) throws InterruptedException {
    return read(
        LlamaFields.INFILL, json, "input_prefix", (body, named) -> List.of(gap(body, named)), use);
  }

  private Ask read(
      String place,
      Map<String, Object> json,
      String promptParam,
      PromptReader reader,
      Models.Use use)
      throws InterruptedException {
    Fields body = new Fields(table, place, "", json);
    Models.Named named = use.select(body.string("model"), Optional.empty());
    named.requireAnswers();
    Sampling sampling =
        Sampling.read(body, named.model().info().temperature(), named.model().tokenizer());
    boolean stream = body.flag("stream");
    boolean withTokens = body.flag("return_tokens");
    List<String> members = members(body);
    ShiftWish shift = ShiftWish.read(body, body.flag("context_shift"));
    List<Prompt> prompts = reader.read(body, named);
    AskedStructures structures = new AskedStructures();
    structures.addOfLlamaServer(body);
    Optional<AskedStructure> structure = structures.only();
    body.settle(body.flag("strict"));
    List<AnswerRequest> requests = new ArrayList<>();
    for (Prompt prompt : prompts) {
      Optional<ContextShift> goesOn = shift.of(named, prompt, named.model().contextTokens());
      int most =
          AnswerRequest.maxTokens(
              named.model().contextTokens(), prompt, sampling.predict(), goesOn);
      AnswerRequest request =
          AnswerRequest.of(named, prompt, promptParam, sampling.params(most), sampling.stops())
              .withFit(new ContextFit(0, goesOn));
      requests.add(AskedStructure.hold(structure, request));
    }
    return new Ask(requests, stream, withTokens, members);
  }

  private static List<String> members(Fields body) {
    List<String> members = new ArrayList<>();
    for (Object member : body.array("response_fields").orElse(List.of())) {
      if (!(member instanceof String text)) {
        throw Params.invalidType(body.param("response_fields"), "an array of strings", member);
      }
      members.add(text);
    }
    return members;
  }

  /** Where no number stands in the array, its elements are prompts. */
  private static List<Prompt> texts(Fields body, Models.Named named) {
    Object given = body.raw("prompt").orElseThrow(() -> Params.missing("prompt"));
    if (!(given instanceof List<?> list) || list.stream().anyMatch(Number.class::isInstance)) {
      return List.of(prompt(given, "prompt", named));
    }
    if (list.isEmpty() || list.size() > MAX_PROMPTS) {
      throw Params.invalidValue(
          "prompt",
          "'prompt' has %d prompts, but must have 1 to %d.".formatted(list.size(), MAX_PROMPTS));
    }
    List<Prompt> prompts = new ArrayList<>();
    for (Object each : list) {
      String param = list.size() == 1 ? "prompt" : "prompt[" + prompts.size() + "]";
      prompts.add(prompt(each, param, named));
    }
    return prompts;
  }

  /** A text, or token ids and texts. */
  private static Prompt prompt(Object given, String param, Models.Named named) {
    return switch (given) {
      case String text -> named.model().prompts().raw(text, Specials.PARSE);
      case List<?> parts when !parts.isEmpty() -> joined(parts, param, named.model().tokenizer());
      case List<?> _ -> throw Params.invalidValue(param, "'%s' is empty.".formatted(param));
      case null, default -> throw Params.invalidType(param, "a string or an array", given);
    };
  }

  private static Prompt joined(List<?> parts, String param, Tokenizer tokenizer) {
    IntStream.Builder ids = IntStream.builder();
    for (Object part : parts) {
      if (part instanceof String text) {
        IntStream.of(tokenizer.encode(text, Specials.PARSE, false)).forEach(ids::add);
      } else {
        ids.add(Whole.inRange(part, param, 0, tokenizer.vocabSize() - 1));
      }
    }
    return new Prompt(ids.build().toArray(), Optional.empty(), "");
  }

  /**
   * What stands before the gap and behind it, other files in front, and what the answer begins
   * with.
   */
  private static Prompt gap(Fields body, Models.Named named) {
    StringBuilder before = new StringBuilder();
    List<Object> files = body.array("input_extra").orElse(List.of());
    for (int i = 0; i < files.size(); i++) {
      String param = "input_extra[" + i + "]";
      Map<String, Object> file = Fields.members(files.get(i), param);
      for (String name : List.of("filename", "text")) {
        if (file.get(name) instanceof String text) {
          before.append(text).append('\n');
        } else if (file.get(name) != null || name.equals("text")) {
          throw Params.invalidType(param + "." + name, "a string", file.get(name));
        }
      }
    }
    before.append(body.string("input_prefix").orElse(""));
    String behind = body.string("input_suffix").orElse("");
    String begun = body.string("prompt").orElse("");
    Tokenizer tokenizer = named.model().tokenizer();
    Prompt gap =
        named
            .model()
            .prompts()
            .gap(
                tokenizer.encode(before.toString(), Specials.AS_TEXT, false),
                tokenizer.encode(behind, Specials.AS_TEXT, false))
            .orElseThrow(
                () ->
                    Params.unsupported(
                        "input_prefix",
                        "The vocabulary of '%s' has no tokens to fill in the middle with."
                            .formatted(named.name())));
    if (begun.isEmpty()) {
      return gap;
    }
    int[] more = tokenizer.encode(begun, Specials.AS_TEXT, false);
    int[] ids = IntStream.concat(IntStream.of(gap.ids()), IntStream.of(more)).toArray();
    return gap.withIds(ids);
  }

  /** The texts of {@code content}. */
  List<String> contents(Fields body) {
    Object given = body.raw("content").orElseThrow(() -> Params.missing("content"));
    String param = body.param("content");
    List<?> values = given instanceof List<?> list ? list : List.of(given);
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw Params.invalidType(param, "a string or an array of strings", value);
      }
      if (text.isEmpty()) {
        throw Params.invalidValue(param, "'%s' is empty; a vector needs a text.".formatted(param));
      }
      texts.add(text);
    }
    if (texts.isEmpty()) {
      throw Params.invalidValue(param, "'%s' is empty.".formatted(param));
    }
    return texts;
  }
}
