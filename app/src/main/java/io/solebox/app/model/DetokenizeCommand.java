package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Inputs;
import io.solebox.app.console.Json;
import io.solebox.app.session.ModelLocator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Token ids to text, a line per list of ids. */
@Command(
    name = "detokenize",
    description = "Turn token ids into text: one line per list of ids.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DetokenizeCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Parameters(
      arity = "1",
      paramLabel = "MODEL",
      description =
          "Path or name of a model; a folder with tokenizer.json, or such a file, will do.")
  private String model;

  @Option(
      names = "--ids",
      paramLabel = "1,2,3",
      description = "The ids; without this, stdin has a JSON array per line.")
  private Optional<String> ids;

  @Option(names = "--special", description = "Show special tokens as their text.")
  private boolean special;

  @Option(
      names = "--json",
      description = "Print JSON strings, which keep newlines inside a text apart from lines.")
  private boolean json;

  public DetokenizeCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() {
    List<String> lists = ids.map(List::of).orElseGet(() -> Inputs.lines(Inputs.text(console, "-")));
    try (var vocabulary = VocabularyFile.open(locator.locate(Optional.of(model)))) {
      var tokenizer = vocabulary.tokenizer();
      int line = 0;
      for (String list : lists) {
        line++;
        String place = ids.isPresent() ? "--ids" : "stdin, line " + line;
        String text = tokenizer.decode(Inputs.ids(list, place, tokenizer.vocabSize()), special);
        console.println(json ? Json.text(text) : text);
      }
    }
    return 0;
  }
}
