package io.solebox.app.scout;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.page.Question;
import io.solebox.scout.page.ScoutPage;
import io.solebox.scout.state.ScoutTables;
import io.solebox.server.scout.ScoutMute;
import io.solebox.server.scout.ScoutQuestion;
import io.solebox.server.scout.Scouting;
import io.solebox.storage.Database;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scout's state for a server's page: opened once there is one, beside the scout that writes it.
 * It makes none, and opens no connection.
 */
public final class ServedScout implements Scouting {
  private final Path file;
  private final boolean airGapped;
  private final Clock clock;
  private Optional<Database> database = Optional.empty(); // guarded by this

  public ServedScout(Environment environment, Clock clock) {
    this.file = ScoutPlace.usual(environment).resolve(ScoutTables.FILE);
    this.airGapped = environment.airGap() instanceof AirGap.Closed;
    this.clock = clock;
  }

  /** Empty where no scout has kept anything. */
  private synchronized Optional<ScoutPage> page() {
    if (!Files.isRegularFile(file)) {
      database.ifPresent(Database::close);
      database = Optional.empty();
    } else if (database.isEmpty()) {
      database = Optional.of(ScoutTables.open(file));
    }
    return database.map(open -> new ScoutPage(open, clock));
  }

  private ScoutPage required() {
    return page()
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "scout",
                    "No scout has kept anything here.",
                    "Start one with 'solebox scout run'."));
  }

  @Override
  public Map<String, Object> look(ScoutQuestion question) {
    Map<String, Object> body =
        page().map(page -> page.look(asked(question))).orElseGet(ServedScout::absent);
    if (airGapped) {
      body.put("state", "air_gap");
      body.put("why", "This machine is air-gapped, and the scout has to ask marketplaces.");
      body.put("remedy", "Run 'solebox scout run' on another machine.");
    }
    return body;
  }

  private static Map<String, Object> absent() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "scout");
    body.put("state", "absent");
    body.put("why", "No scout has kept anything here.");
    body.put("remedy", "Write what you look for with 'solebox scout init', then start one.");
    body.put("total", 0);
    body.put("has_more", false);
    for (String list : List.of("data", "sources", "markets", "quota", "channels", "mutes")) {
      body.put(list, List.of());
    }
    body.put(
        "choices",
        Map.of(
            "cards", List.of(),
            "watches", List.of(),
            "sites", List.of(),
            "currencies", List.of()));
    return body;
  }

  private static Question asked(ScoutQuestion question) {
    Map<String, String> said = question.filters();
    return new Question(
        text(said, "card"),
        text(said, "watch"),
        text(said, "site"),
        text(said, "happening"),
        text(said, "suspicious").map("yes"::equals),
        text(said, "currency"),
        text(said, "least").map(BigDecimal::new),
        text(said, "most").map(BigDecimal::new),
        Question.words(said.getOrDefault("text", "")),
        Question.Sort.of(question.sort()),
        question.limit(),
        question.offset());
  }

  private static Optional<String> text(Map<String, String> said, String name) {
    return Optional.ofNullable(said.get(name));
  }

  @Override
  public Map<String, Object> history(String card, String currency, int days) {
    return required().history(card, Optional.of(currency).filter(code -> !code.isEmpty()), days);
  }

  @Override
  public Map<String, Object> mute(ScoutMute mute) {
    return required().mute(mute.of().what(), mute.of().which(), mute.hours());
  }

  @Override
  public Map<String, Object> unmute(ScoutMute.Of of) {
    return required().unmute(of.what(), of.which());
  }

  @Override
  public Map<String, Object> thumbnail(String item) {
    return required().thumbnail(item);
  }

  @Override
  public Map<String, Object> resume(String channel) {
    return required().resume(channel);
  }
}
