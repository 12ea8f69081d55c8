package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.LineSource;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.Acceptance;
import io.solebox.store.pull.source.Terms;
import java.util.Map;

/** Asks a person whether they accept what a source wants accepted. */
final class LicenceQuestion {
  private LicenceQuestion() {}

  /**
   * Shows the terms and waits for an answer.
   *
   * @return annotations for the model
   * @throws SoleboxException {@code ACCESS_DENIED} where the answer is not yes
   */
  static Map<String, String> ask(Acceptance acceptance, Console console) {
    Terms terms = acceptance.terms();
    if (!terms.text().isBlank()) {
      console.println(Printable.text(terms.text().strip()));
    }
    console.print(
        "The source wants its terms accepted: %s (%s)%nDo you accept them? [y/N] "
            .formatted(Printable.line(terms.name()), Printable.line(terms.place())));
    boolean isYes =
        LineSource.piped(console).read() instanceof LineSource.Line.Text(String answer)
            && answer.strip().matches("(?i)y|yes");
    if (isYes) {
      return acceptance.now();
    }
    throw acceptance.denied("they were not accepted");
  }
}
