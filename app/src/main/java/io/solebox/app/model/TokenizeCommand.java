package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Inputs;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Text to token ids, a JSON array per line. */
@Command(
    name = "tokenize",
    description = "Turn text into token ids: one JSON array per input line.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class TokenizeCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Parameters(
      arity = "1",
      paramLabel = "MODEL",
      description =
          "Path or name of a model; a folder with tokenizer.json, or such a file, will do.")
  private String model;

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(
      names = "--special",
      description = "Text of special tokens, as in <|eot_id|>, becomes the token.")
  private boolean special;

  @Option(
      names = "--no-bos",
      description = "Leave out the begin and end tokens that the model file asks for.")
  private boolean noBos;

  /** Where the text comes from. */
  static final class Input {
    @Option(names = "-p", paramLabel = "TEXT", description = "The text, as one input.")
    private Optional<String> text = Optional.empty();

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "A file whose lines are the inputs; - is stdin.")
    private Optional<String> file = Optional.empty();
  }

  public TokenizeCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() {
    List<String> texts =
        input.text.map(List::of).orElseGet(() -> Inputs.lines(file(input.file.orElseThrow())));
    try (var vocabulary = VocabularyFile.open(locator.locate(Optional.of(model)))) {
      for (String text : texts) {
        int[] ids =
            vocabulary
                .tokenizer()
                .encode(text, special ? Specials.PARSE : Specials.AS_TEXT, !noBos);
        console.println(
            IntStream.of(ids)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(",", "[", "]")));
      }
    }
    return 0;
  }

  private String file(String name) {
    return Inputs.text(console, name);
  }
}
