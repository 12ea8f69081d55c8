package io.solebox.app.grammar;

import io.solebox.app.console.Console;
import io.solebox.app.console.Inputs;
import io.solebox.app.console.Json;
import io.solebox.app.session.StructureOptions;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.StructureReader;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says of texts whether an answer could be them. */
@Command(
    name = "check",
    description =
        "Print accept or reject for each text, as an answer that is held to the structure would be"
            + " decided.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  private final Console console;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  @Spec private CommandSpec spec;
  @Mixin private StructureOptions structure;

  @Option(
      names = "--file",
      paramLabel = "TEXTS.jsonl",
      description = "Texts, a JSON string a line. Default: stdin.")
  private String file = "-";

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Structure asked =
        structure
            .read(console)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "Give a structure: --schema, --gbnf, --lark, --regex or --choice"));
    CompiledGrammar grammar = CompiledGrammar.of(StructureReader.grammar(asked, TokenNames.NONE));
    List<String> lines = Inputs.lines(Inputs.strictText(console, file));
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        write(i + 1, grammar.accepts(text(lines.get(i), i + 1)));
      }
    }
    return 0;
  }

  private String text(String line, int number) {
    try {
      if (reader.read(line.getBytes(StandardCharsets.UTF_8)) instanceof String text) {
        return text;
      }
      throw notAText(number, "it is another value");
    } catch (JsonException e) {
      throw notAText(number, e.getMessage());
    }
  }

  private SoleboxException notAText(int line, String why) {
    String name = file.equals("-") ? "stdin" : file;
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        name + ", line " + line,
        "This is not a JSON string: " + why + ".",
        "Write each text in quotes, on a line of its own, as JSON has it.");
  }

  private void write(int line, boolean accepted) {
    if (!json) {
      console.println(accepted ? "accept" : "reject");
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("line", line);
    fields.put("accept", accepted);
    console.println(Json.text(fields));
  }
}
