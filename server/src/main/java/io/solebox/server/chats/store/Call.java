package io.solebox.server.chats.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A call of a tool, and what became of it.
 *
 * @param id in its message
 * @param arguments as the model has written them
 * @param result what the model hears of it; empty where there is none yet
 * @param shown further things of the result for pages
 */
public record Call(
    String id,
    String name,
    String arguments,
    State state,
    String result,
    Map<String, Object> shown) {
  /** How far it is. */
  public enum State {
    /** Somebody must say whether it may be done. */
    ASKED,
    /** It may be done, and is not yet. */
    APPROVED,
    RUNNING,
    DONE,
    FAILED,
    /** By a person. */
    REFUSED,
    /** It ran when the server ended, or was stopped: it may have been done. */
    UNKNOWN;

    /** As JSON has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Call {
    shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown));
  }

  /** One of which nothing has become yet. */
  public static Call made(String id, String name, String arguments, State state) {
    return new Call(id, name, arguments, state, "", Map.of());
  }

  public Call withState(State value) {
    return new Call(id, name, arguments, value, result, shown);
  }

  public Call withResult(State value, String text, Map<String, Object> more) {
    return new Call(id, name, arguments, value, text, more);
  }

  /** Whether it waits for a person's word. */
  public boolean isUndecided() {
    return state == State.ASKED || state == State.UNKNOWN;
  }

  /** The same when whatever might have run it is gone. */
  Call endedEarly() {
    return switch (state) {
      case RUNNING -> withState(State.UNKNOWN);
      case APPROVED -> withState(State.ASKED);
      case ASKED, DONE, FAILED, REFUSED, UNKNOWN -> this;
    };
  }

  /** As the API and the store write it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("name", name);
    json.put("arguments", arguments);
    json.put("state", state.word());
    if (!result.isEmpty()) {
      json.put("result", result);
    }
    if (!shown.isEmpty()) {
      json.put("shown", shown);
    }
    return json;
  }

  /** What {@link #json} has written. */
  @SuppressWarnings("unchecked")
  static Call of(Map<String, Object> json) {
    return new Call(
        (String) json.get("id"),
        (String) json.get("name"),
        (String) json.get("arguments"),
        State.valueOf(((String) json.get("state")).toUpperCase(Locale.ROOT)),
        (String) json.getOrDefault("result", ""),
        (Map<String, Object>) json.getOrDefault("shown", Map.of()));
  }
}
