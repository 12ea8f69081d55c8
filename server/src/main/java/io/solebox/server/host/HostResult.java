package io.solebox.server.host;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a request, as the one who does it has written it.
 *
 * @param details what else is told, as JSON has it; {@code progress} is 0 to 1
 * @param trouble why it failed
 */
public record HostResult(
    String id, String kind, State state, Map<String, Object> details, Optional<Trouble> trouble) {
  /** How far it has come. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /** Why something failed, in the parts of {@link SoleboxException}. */
  public record Trouble(String code, String place, String message, String remedy) {
    public static Trouble of(SoleboxException e) {
      return new Trouble(e.code().name(), e.place(), e.explanation(), e.remedy());
    }
  }

  public HostResult {
    details = Map.copyOf(details);
  }

  public static HostResult running(String id, String kind, Map<String, Object> details) {
    return new HostResult(id, kind, State.RUNNING, details, Optional.empty());
  }

  public static HostResult done(String id, String kind, Map<String, Object> details) {
    return new HostResult(id, kind, State.DONE, details, Optional.empty());
  }

  public static HostResult failed(String id, String kind, Trouble trouble) {
    return new HostResult(id, kind, State.FAILED, Map.of(), Optional.of(trouble));
  }

  /** As it stands in its file and in answers. */
  public Map<String, Object> fields() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("id", id);
    all.put("kind", kind);
    all.put("state", state.name().toLowerCase(Locale.ROOT));
    all.put("details", details);
    trouble.ifPresent(
        why -> {
          Map<String, Object> error = new LinkedHashMap<>();
          error.put("code", why.code());
          error.put("place", why.place());
          error.put("message", why.message());
          error.put("remedy", why.remedy());
          all.put("error", error);
        });
    return all;
  }

  public byte[] bytes() {
    return new JsonWriter().bytes(fields());
  }
}
