package io.solebox.app.bench;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Prompts by which guesses are measured, each with an answer that somebody might give. */
enum SampleText {
  /** Repeats sentences of its input. */
  SUMMARY("summary"),
  /** Repeats most lines of its input. */
  CODE_EDIT("code-edit"),
  /** Repeats nothing. */
  STORY("story");

  /** A word with the space before it, a sign, or white space: about what is a token. */
  private static final Pattern PIECE = Pattern.compile(" ?\\w+|\\s+|[^\\w\\s]");

  final String title;

  SampleText(String title) {
    this.title = title;
  }

  /**
   * @param round that it begins with
   */
  String prompt(int round) {
    return round + ".\n" + read(title + ".prompt.txt");
  }

  String answer() {
    return read(title + ".answer.txt");
  }

  private static String read(String file) {
    try (InputStream in = SampleText.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The prompt as a model takes it, with its chat template where it has one. */
  int[] ids(LoadedModel model, int round) {
    return model.chatTemplate().isPresent()
        ? model
            .prompts()
            .chat(
                ChatInput.of(List.of(new ChatMessage("user", prompt(round)))),
                Clock.systemDefaultZone())
            .ids()
        : model.prompts().raw(prompt(round), Specials.AS_TEXT).ids();
  }

  /** Prompt and answer in a made-up vocabulary, in which equal pieces have equal ids. */
  record Recorded(int[] prompt, int[] answer) {}

  /**
   * For models that have learned no text.
   *
   * @param vocab ids that there are
   */
  Recorded recorded(int vocab, int round) {
    Map<String, Integer> ids = new HashMap<>();
    int[] prompt = ids(prompt(round), ids, vocab);
    int[] answer = ids(answer(), ids, vocab);
    prompt[0] = id(ids.size() + round, vocab); // a number that is new is another's id otherwise
    return new Recorded(prompt, answer);
  }

  private static int[] ids(String text, Map<String, Integer> known, int vocab) {
    var ids = new ArrayList<Integer>();
    var pieces = PIECE.matcher(text);
    while (pieces.find()) {
      ids.add(known.computeIfAbsent(pieces.group(), _ -> id(known.size(), vocab)));
    }
    return ids.stream().mapToInt(i -> i).toArray();
  }

  /** No id is a neighbour of another one, nor one of the first, which are special. */
  private static int id(int number, int vocab) {
    return (7 * number + 300) % vocab;
  }
}
