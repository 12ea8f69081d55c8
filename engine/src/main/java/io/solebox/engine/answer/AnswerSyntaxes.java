package io.solebox.engine.answer;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The families of answers that are known, told by what their chat templates say. A new family is a
 * line here and a syntax.
 */
final class AnswerSyntaxes {
  /**
   * @param isOf whether a template, by its source, is of this family
   */
  record Family(String name, Predicate<String> isOf, Supplier<AnswerSyntax> syntax) {}

  /** The first that fits is taken. */
  private static final List<Family> FAMILIES =
      List.of(
          new Family("gpt-oss", says("<|channel|>", "<|message|>"), MessageFamilies::gptOss),
          new Family("Muse", says("atem:"), MessageFamilies::muse),
          new Family(
              "Functionary 3.2", says(">>>", "<|start_header_id|>"), MessageFamilies::functionary3),
          new Family("Solar Open", says("<|tool_call:begin|>"), MessageFamilies::solar),
          new Family("GigaChat", says("<|role_sep|>", "<|message_sep|>"), JsonFamilies::gigaChat),
          new Family("Command", says("START_ACTION"), JsonFamilies::cohere),
          new Family("Command R+", says("Action:", "```json"), JsonFamilies::commandRPlus),
          new Family("FireFunction", says("functools"), JsonFamilies::fireFunction),
          new Family("Mistral", says("[TOOL_CALLS]"), JsonFamilies::mistral),
          new Family("DeepSeek", says("tool▁calls▁begin"), JsonFamilies::deepSeek),
          new Family("Kimi K2", says("<|tool_calls_section_begin|>"), JsonFamilies::kimi2),
          new Family("Nemotron Nano 2", says("<TOOLCALL>"), JsonFamilies::nemotron2),
          new Family("MiroThinker", says("<use_mcp_tool>"), JsonFamilies::miroThinker),
          new Family("Apertus", says("<|tools_prefix|>"), JsonFamilies::apertus),
          new Family("Granite 3", says("<|tool_call|>"), JsonFamilies::granite3),
          new Family("Gemma 4", says("<|channel>", "<|tool_call>"), LiteralFamilies::gemma4),
          new Family(
              "FunctionGemma", says("<start_function_call>"), LiteralFamilies::functionGemma),
          new Family("LFM2", says("<|tool_call_start|>"), LiteralFamilies::lfm2),
          new Family("LFM2", says("List of tools: ", "<|im_start|>"), LiteralFamilies::lfm2),
          new Family("DSML", says("DSML"), ParameterFamilies::dsml),
          new Family("Kimi K3", says("<|open|>", "<|close|>"), ParameterFamilies::kimi3),
          new Family("MiniMax M3", says("]<]minimax[>["), ParameterFamilies::miniMax3),
          new Family("MiniMax M2", says("<minimax:tool_call>"), ParameterFamilies::miniMax2),
          new Family("Seed-OSS", says("<seed:tool_call>"), ParameterFamilies::seedOss),
          new Family("MiniCPM 5", says("<function name="), ParameterFamilies::miniCpm5),
          new Family("Hy3", says(":opensource", "arg_key"), ParameterFamilies::hy3),
          new Family("GLM", says("<arg_key>"), ParameterFamilies::glm),
          new Family(
              "Qwen3-Coder", says("<tool_call>", "<function="), ParameterFamilies::qwenCoder),
          new Family("Apriel", says("<tool_calls>"), JsonFamilies::toolCalls),
          new Family("Functionary 3.1", says("<function="), JsonFamilies::functionary31),
          new Family("Hermes", says("<tool_call>"), JsonFamilies::hermes),
          new Family(
              "Llama 3",
              says("\"parameters\"", "<|start_header_id|>", "<|eot_id|>"),
              JsonFamilies::llama3),
          new Family("Hermes", says("think>"), JsonFamilies::hermes));

  private AnswerSyntaxes() {}

  /** The family that a template is of; empty if it is of none that is known. */
  static Optional<Family> familyOf(String template) {
    return FAMILIES.stream().filter(family -> family.isOf().test(template)).findFirst();
  }

  static AnswerSyntax of(String template) {
    return familyOf(template).map(family -> family.syntax().get()).orElse(AnswerSyntax.PLAIN);
  }

  private static Predicate<String> says(String... texts) {
    return template -> Stream.of(texts).allMatch(template::contains);
  }
}
