package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.app.console.Inputs;
import io.solebox.engine.constrain.structure.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What an answer is to be, as a person asks for it. */
public final class StructureOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--schema",
      paramLabel = "F.json",
      description = "The answer is JSON for which the JSON Schema in this file holds.")
  private Optional<String> schema = Optional.empty();

  @Option(
      names = "--gbnf",
      paramLabel = "F",
      description = "The answer is a text of this grammar, written as for llama.cpp.")
  private Optional<String> gbnf = Optional.empty();

  @Option(
      names = "--lark",
      paramLabel = "F",
      description = "The answer is a text of this grammar, written as for Lark or llguidance.")
  private Optional<String> lark = Optional.empty();

  @Option(
      names = "--regex",
      paramLabel = "R",
      description = "The answer matches this regular expression as a whole.")
  private Optional<String> regex = Optional.empty();

  @Option(
      names = "--choice",
      paramLabel = "TEXT",
      description = "The answer is this text; given several times, one of them.")
  private List<String> choices = new ArrayList<>();

  /**
   * Reads files; {@code -} is stdin.
   *
   * @return empty where anything may be said
   */
  public Optional<Structure> read(Console console) {
    List<Structure> asked = new ArrayList<>();
    schema.ifPresent(file -> asked.add(new Structure.Schema(Inputs.strictText(console, file))));
    gbnf.ifPresent(file -> asked.add(new Structure.Gbnf(Inputs.strictText(console, file))));
    lark.ifPresent(file -> asked.add(new Structure.Lark(Inputs.strictText(console, file))));
    regex.ifPresent(pattern -> asked.add(new Structure.Regex(pattern)));
    if (!choices.isEmpty()) {
      asked.add(new Structure.Choice(choices));
    }
    if (asked.size() > 1) {
      throw new ParameterException(
          command.commandLine(),
          "--schema, --gbnf, --lark, --regex and --choice exclude each other");
    }
    return asked.stream().findFirst();
  }
}
