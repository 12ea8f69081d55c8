package io.solebox.app.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.host.HostRequest.Network;
import io.solebox.server.host.HostRequests;
import io.solebox.server.host.HostRequests.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connection of the machine. Each change is on trial: what was before comes back unless
 * somebody says in time that the machine was found, also where the power goes meanwhile. So a wrong
 * address locks nobody out for longer than that.
 */
final class Networks {
  private static final String FILE = "etc/systemd/network/10-solebox.network";
  private static final String RADIOS = "var/lib/iwd/";
  private static final String STATE = "var/lib/solebox-host/";
  private static final String TRIAL = STATE + "trial.json";
  private static final String KEPT = STATE + "network.json";

  private final HostFiles files;
  private final HostTools tools;
  private final Clock clock;

  Networks(HostFiles files, HostTools tools, Clock clock) {
    this.files = files;
    this.tools = tools;
    this.clock = clock;
  }

  /**
   * A change that nobody has confirmed yet.
   *
   * @param id of its request
   * @param before the file from before; empty where there was none
   * @param keptBefore the choice from before, likewise
   */
  record Trial(String id, Instant until, Optional<String> before, Optional<String> keptBefore) {}

  Optional<Trial> trial() throws IOException {
    Optional<String> text = files.read(TRIAL);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> all = object(text.get());
    return Optional.of(
        new Trial(
            (String) all.get("id"),
            Instant.ofEpochSecond((Long) all.get("until")),
            Optional.ofNullable((String) all.get("before")),
            Optional.ofNullable((String) all.get("kept_before"))));
  }

  /** The choice that is in force, without secrets; empty where nobody has chosen. */
  Optional<Map<String, Object>> chosen() throws IOException {
    return files.read(KEPT).map(Networks::object);
  }

  private static Map<String, Object> object(String text) {
    return new JsonReader(JsonLimits.LOCAL).readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Map<String, Object> fields) {
    return new JsonWriter().text(fields) + "\n";
  }

  /** Begins a trial; one that runs is decided against first. */
  Trial begin(Written written, Network wish, boolean airGap)
      throws IOException, InterruptedException {
    if (trial().isPresent()) {
      revert();
    }
    Trial trial =
        new Trial(
            written.id(),
            clock.instant().plus(Duration.ofMinutes(wish.minutes())),
            files.read(FILE),
            files.read(KEPT));
    Map<String, Object> remembered = new LinkedHashMap<>();
    remembered.put("id", trial.id());
    remembered.put("until", trial.until().getEpochSecond());
    trial.before().ifPresent(text -> remembered.put("before", text));
    trial.keptBefore().ifPresent(text -> remembered.put("kept_before", text));
    files.writeSecret(TRIAL, text(remembered));
    try {
      write(wish, airGap);
      reload();
    } catch (IOException | SoleboxException e) {
      revert();
      throw e;
    }
    return trial;
  }

  private void write(Network wish, boolean airGap) throws IOException {
    Map<String, Object> kept = new LinkedHashMap<>(wish.fields());
    kept.remove("passphrase"); // which iwd keeps
    files.write(KEPT, text(kept));
    if (wish.wireless().isPresent()) {
      var radio = wish.wireless().get();
      files.writeSecret(RADIOS + NetworkText.radioFile(radio), NetworkText.radio(radio));
    }
    files.write(FILE, NetworkText.network(wish, airGap));
  }

  /**
   * Writes the choice anew where it depends on the air gap.
   *
   * @param airGap as it is from now on
   */
  void follow(boolean airGap) throws IOException, InterruptedException {
    Optional<Map<String, Object>> chosen = chosen();
    if (chosen.isPresent() && HostRequests.of("network", chosen.get()) instanceof Network wish) {
      files.write(FILE, NetworkText.network(wish, airGap));
      reload();
    }
  }

  /** Ends the trial of a request in its favour. */
  boolean keep(String id) throws IOException {
    boolean right = trial().filter(each -> each.id().equals(id)).isPresent();
    if (right) {
      files.restore(TRIAL, Optional.empty());
    }
    return right;
  }

  /** Ends a trial by what was before. */
  void revert() throws IOException, InterruptedException {
    Optional<Trial> trial = trial();
    if (trial.isPresent()) {
      files.restore(FILE, trial.get().before());
      files.restore(KEPT, trial.get().keptBefore());
      // Not before all else: who is stopped here begins again.
      files.restore(TRIAL, Optional.empty());
      reload();
    }
  }

  private void reload() throws InterruptedException {
    HostTools.Outcome outcome = tools.run(List.of("networkctl", "reload"));
    if (!outcome.worked()) { // which takes the bus, and not each machine has one
      outcome = tools.run(List.of("systemctl", "restart", "systemd-networkd.service"));
    }
    if (!outcome.worked()) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "systemd-networkd.service",
          "The network's service does not take the change: " + outcome.words() + ".",
          "See what 'systemctl status systemd-networkd' says.");
    }
  }
}
