package io.solebox.engine.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reasoning first, between tags, then text and tool calls, each between tags.
 *
 * @param reasoning empty for models that do not think aloud
 * @param calls around a JSON object with {@code name} and {@code arguments}; empty for models that
 *     call no tools, or in another way
 */
record TaggedSyntax(Optional<Tags> reasoning, Optional<Tags> calls) implements AnswerSyntax {
  /** What a section begins and ends with. */
  record Tags(String start, String end) {}

  @Override
  public Optional<Thinking.Tags> thinking() {
    return reasoning.map(tags -> new Thinking.Tags(tags.start(), tags.end()));
  }

  @Override
  public List<String> markers() {
    List<String> markers = new ArrayList<>();
    reasoning.ifPresent(tags -> markers.addAll(List.of(tags.start(), tags.end())));
    calls.ifPresent(tags -> markers.addAll(List.of(tags.start(), tags.end())));
    return List.copyOf(markers);
  }

  @Override
  public AnswerParser parser(String opening, boolean withCalls) {
    boolean open =
        reasoning
            .map(tags -> opening.lastIndexOf(tags.start()) > opening.lastIndexOf(tags.end()))
            .orElse(false);
    return new TaggedParser(reasoning, withCalls ? calls : Optional.empty(), open);
  }
}
