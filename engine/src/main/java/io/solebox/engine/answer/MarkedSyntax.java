package io.solebox.engine.answer;

import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.CallBody;
import io.solebox.engine.answer.call.CallReader;
import io.solebox.engine.answer.call.Form;
import io.solebox.engine.answer.call.Tools;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reasoning, text and tool calls, told apart by markers: where in an answer which marker may come,
 * and what begins there.
 *
 * @param thinking what usually stands around thoughts
 * @param frames what may stand around its text, if anything does
 * @param usualCall for templates that do not show how calls begin
 * @param openings in what the template wrote in front of the answer; the last one counts
 * @param marks of several that fit the first is taken
 */
record MarkedSyntax(
    Optional<Thinking.Tags> thinking,
    List<TextFrame.Known> frames,
    Optional<UsualCall> usualCall,
    List<Opening> openings,
    List<Mark> marks)
    implements AnswerSyntax {
  /** Shorter ones, as a brace, stand in texts. */
  private static final int LEAST_MARK = 4;

  /** Where in an answer something is. */
  enum Place {
    /** At the start, or between reasoning and what follows. */
    START,
    REASONING,
    TEXT,
    /** Behind a call. */
    BEHIND_CALL
  }

  /** What begins at a marker. */
  sealed interface Target {}

  /** A section of the answer. */
  record Section(Place place) implements Target {}

  /**
   * A call.
   *
   * @param named by the marker: its holes {@code name} and {@code id}
   */
  record Call(CallBody body, Naming named) implements Target {}

  /** Where a marker has a call's name from. */
  enum Naming {
    /** From its hole {@code name}; it may have none. */
    NAME,
    /** From its hole {@code id}, which is {@code functions.NAME:INDEX}. */
    NUMBERED_ID;

    private static final Pattern NUMBERED = Pattern.compile("^functions\\.|:\\d+$");

    /** What a marker says of its call. */
    CallReader.Head head(Form.Matching found) {
      String id = found.hole("id");
      Optional<String> own = id.isEmpty() ? Optional.empty() : Optional.of(id);
      return switch (this) {
        case NAME -> new CallReader.Head(own, found.hole("name"));
        case NUMBERED_ID -> new CallReader.Head(own, NUMBERED.matcher(id).replaceAll(""));
      };
    }
  }

  /** A marker, and where it may come. */
  record Mark(Set<Place> at, Form form, Target target) {}

  /**
   * @param text that the prompt ends with, or nearly so
   * @param place where the answer then begins
   */
  record Opening(String text, Place place) {}

  @Override
  public List<String> markers() {
    return marks.stream()
        .flatMap(mark -> Stream.concat(mark.form().literals(), inside(mark.target())))
        .distinct()
        .toList();
  }

  @Override
  public List<String> callMarks() {
    List<String> calls = firsts(Call.class);
    List<String> sections = firsts(Section.class);
    boolean plain = calls.stream().anyMatch(mark -> mark.length() < LEAST_MARK);
    boolean shared = sections.stream().anyMatch(calls::contains);
    return plain || shared ? List.of() : calls;
  }

  @Override
  public List<ArgumentWriting> writings() {
    return marks.stream()
        .map(Mark::target)
        .filter(Call.class::isInstance)
        .map(target -> ((Call) target).body().writing())
        .distinct()
        .toList();
  }

  @Override
  public boolean marksText(String opening) {
    return start(opening) != Place.TEXT
        && marks.stream()
            .filter(mark -> mark.at().contains(Place.START))
            .anyMatch(mark -> mark.target().equals(new Section(Place.TEXT)));
  }

  /** What the marks begin with that may stand at the start or in text. */
  private List<String> firsts(Class<? extends Target> kind) {
    return marks.stream()
        .filter(mark -> mark.at().contains(Place.START) || mark.at().contains(Place.TEXT))
        .filter(mark -> kind.isInstance(mark.target()))
        .flatMap(mark -> mark.form().firsts())
        .distinct()
        .toList();
  }

  private static Stream<String> inside(Target target) {
    return switch (target) {
      case Section _ -> Stream.empty();
      case Call(CallBody body, Naming _) -> body.markers().stream();
    };
  }

  @Override
  public AnswerParser parser(String opening, Tools tools) {
    Stream<Mark> known =
        marks.stream().filter(mark -> tools.offered() || mark.target() instanceof Section);
    return new MarkedParser(known.toList(), start(opening), tools);
  }

  private Place start(String opening) {
    Place start = Place.START;
    int last = -1;
    for (Opening one : openings) {
      int at = opening.lastIndexOf(one.text());
      if (at > last) {
        last = at;
        start = one.place();
      }
    }
    return start;
  }
}
