package io.solebox.server.chats.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks that a model does in a chat, one after another.
 *
 * @param budget tokens that all of it may take
 * @param spent tokens of answers that were gone on with since; those of the tasks' answers as they
 *     are come on top
 * @param asked with what the model is asked, as messages tell it
 * @param parent behind which message the first task goes
 * @param why it does not go on, as messages tell errors
 */
public record Agent(
    String chat,
    State state,
    List<Task> tasks,
    long budget,
    long spent,
    Map<String, Object> asked,
    Optional<String> parent,
    Optional<Map<String, Object>> why) {
  /** How it is with it. */
  public enum State {
    RUNNING,
    /** For a person, who says whether a tool may be called. */
    WAITING,
    /** By a person, who can let it go on. */
    PAUSED,
    /** Its budget is used up; with a larger one it can go on. */
    BUDGET,
    FAILED,
    DONE,
    /** By a person, for good. */
    STOPPED;

    /** As JSON has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it can go on when a person wants it to. */
    public boolean isHalted() {
      return switch (this) {
        case PAUSED, BUDGET, FAILED -> true;
        case RUNNING, WAITING, DONE, STOPPED -> false;
      };
    }
  }

  /**
   * Something to be done.
   *
   * @param answer the message in which it is done, once that has begun
   */
  public record Task(String text, boolean done, Optional<String> answer) {
    public Task doneNow() {
      return new Task(text, true, answer);
    }

    public Task answeredBy(String message) {
      return new Task(text, done, Optional.of(message));
    }

    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("text", text);
      json.put("done", done);
      json.put("answer", answer.orElse(null));
      return json;
    }

    private static Task of(Map<?, ?> json) {
      return new Task(
          (String) json.get("text"),
          Boolean.TRUE.equals(json.get("done")),
          Optional.ofNullable((String) json.get("answer")));
    }
  }

  public Agent {
    tasks = List.copyOf(tasks);
  }

  /** The task that is next, or being done; its place in the list. */
  public Optional<Integer> next() {
    for (int i = 0; i < tasks.size(); i++) {
      if (!tasks.get(i).done()) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  public Agent with(State value, Optional<Map<String, Object>> reason) {
    return new Agent(chat, value, tasks, budget, spent, asked, parent, reason);
  }

  public Agent with(int index, Task task) {
    List<Task> changed = new ArrayList<>(tasks);
    changed.set(index, task);
    return new Agent(chat, state, changed, budget, spent, asked, parent, why);
  }

  public Agent withBudget(long value) {
    return new Agent(chat, state, tasks, value, spent, asked, parent, why);
  }

  public Agent withSpent(long value) {
    return new Agent(chat, state, tasks, budget, value, asked, parent, why);
  }

  /** As the store writes it. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("state", state.word());
    json.put("tasks", tasks.stream().map(Task::json).toList());
    json.put("budget", budget);
    json.put("spent", spent);
    json.put("asked", asked);
    json.put("parent", parent.orElse(null));
    json.put("why", why.orElse(null));
    return json;
  }

  /**
   * As the API writes it.
   *
   * @param used tokens so far
   */
  public Map<String, Object> shown(long used) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("state", state.word());
    shown.put("tasks", tasks.stream().map(Task::json).toList());
    shown.put("budget_tokens", budget);
    shown.put("used_tokens", used);
    shown.put("why", why.orElse(null));
    return shown;
  }

  /** What {@link #json} has written. */
  @SuppressWarnings("unchecked")
  static Agent of(String chat, Map<String, Object> json) {
    return new Agent(
        chat,
        State.valueOf(((String) json.get("state")).toUpperCase(Locale.ROOT)),
        ((List<?>) json.get("tasks")).stream().map(each -> Task.of((Map<?, ?>) each)).toList(),
        ((Number) json.get("budget")).longValue(),
        ((Number) json.get("spent")).longValue(),
        (Map<String, Object>) json.get("asked"),
        Optional.ofNullable((String) json.get("parent")),
        Optional.ofNullable((Map<String, Object>) json.get("why")));
  }
}
