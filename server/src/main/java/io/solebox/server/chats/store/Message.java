package io.solebox.server.chats.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Something that was said in a chat. Messages with one parent are different ways to go on from
 * there.
 *
 * @param parent what it follows; empty for a first one
 * @param created milliseconds since 1970
 * @param reasoning what the model thought before it said {@code text}; empty where it did not
 * @param about what is told of it beside, as the API writes it: {@code model}, {@code options},
 *     {@code reasoning_ms}, {@code usage}, {@code finish}, {@code error}, {@code tool_calls},
 *     {@code logprobs}, {@code receipt}, {@code tools}
 * @param steps what was said, called and heard on the way to {@code text}
 */
public record Message(
    String id,
    Optional<String> parent,
    Role role,
    long created,
    State state,
    String text,
    String reasoning,
    List<Attachment> attachments,
    List<Step> steps,
    Map<String, Object> about) {
  /** Of what is told beside: the passages that an answer is based on. */
  public static final String SOURCES = "sources";

  private static final List<String> OWN =
      List.of(
          "id", "parent", "role", "created", "state", "text", "reasoning", "attachments", "steps");

  /** Who says it. */
  public enum Role {
    USER,
    ASSISTANT;

    /** As JSON has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How far it is. */
  public enum State {
    DONE,
    RUNNING,
    /** For a person, who says whether a tool may be called. */
    WAITING,
    /** By a person. */
    STOPPED,
    FAILED;

    /** As JSON has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Message {
    attachments = List.copyOf(attachments);
    steps = List.copyOf(steps);
    about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
  }

  /** One that is complete, with nothing beside its text. */
  public static Message said(
      String id, Optional<String> parent, Role role, long created, String text) {
    return new Message(
        id, parent, role, created, State.DONE, text, "", List.of(), List.of(), Map.of());
  }

  public Message withText(String value) {
    return new Message(
        id, parent, role, created, state, value, reasoning, attachments, steps, about);
  }

  public Message withAttachments(List<Attachment> value) {
    return new Message(id, parent, role, created, state, text, reasoning, value, steps, about);
  }

  public Message withState(State value) {
    return new Message(
        id, parent, role, created, value, text, reasoning, attachments, steps, about);
  }

  public Message withReasoning(String value) {
    return new Message(id, parent, role, created, state, text, value, attachments, steps, about);
  }

  public Message withSteps(List<Step> value) {
    return new Message(
        id, parent, role, created, state, text, reasoning, attachments, value, about);
  }

  /** What is read in it: what was said on the way, and then its text. */
  public String spoken() {
    StringBuilder said = new StringBuilder();
    steps.stream()
        .map(Step::text)
        .filter(each -> !each.isBlank())
        .forEach(each -> said.append(each).append('\n'));
    return said.append(text).toString();
  }

  /** The same when whatever went on with it is gone. */
  public Message endedEarly(State value) {
    return withState(value)
        .withSteps(steps.stream().map(step -> step.with(Call::endedEarly)).toList());
  }

  /** A call of a tool that it made. */
  public Optional<Call> call(String call) {
    return steps.stream()
        .flatMap(step -> step.calls().stream())
        .filter(each -> each.id().equals(call))
        .findFirst();
  }

  /** The same with a call as it is now. */
  public Message with(Call call) {
    return withSteps(
        steps.stream()
            .map(step -> step.with(each -> each.id().equals(call.id()) ? call : each))
            .toList());
  }

  /** Whether it has called a tool, and a person is to say something to that. */
  public boolean hasUndecided() {
    return steps.stream().flatMap(step -> step.calls().stream()).anyMatch(Call::isUndecided);
  }

  /** UTF-16 units of what it holds. */
  long chars() {
    return text.length()
        + reasoning.length()
        + attachments.stream().mapToLong(each -> each.text().length()).sum()
        + steps.stream().mapToLong(Step::chars).sum();
  }

  /** The same with something more told of it. */
  public Message with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(about);
    more.put(name, value);
    return new Message(id, parent, role, created, state, text, reasoning, attachments, steps, more);
  }

  /** The same without something that was told of it. */
  public Message without(String name) {
    Map<String, Object> less = new LinkedHashMap<>(about);
    less.remove(name);
    return new Message(id, parent, role, created, state, text, reasoning, attachments, steps, less);
  }

  /** As the API and the store write it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("parent", parent.orElse(null));
    json.put("role", role.word());
    json.put("created", created);
    json.put("state", state.word());
    json.put("text", text);
    if (!reasoning.isEmpty()) {
      json.put("reasoning", reasoning);
    }
    if (!attachments.isEmpty()) {
      json.put("attachments", attachments.stream().map(Attachment::json).toList());
    }
    if (!steps.isEmpty()) {
      json.put("steps", steps.stream().map(Step::json).toList());
    }
    json.putAll(about);
    return json;
  }

  /** What {@link #json} has written. */
  @SuppressWarnings("unchecked")
  static Message of(Map<String, Object> json) {
    Map<String, Object> about = new LinkedHashMap<>(json);
    OWN.forEach(about::remove);
    return new Message(
        (String) json.get("id"),
        Optional.ofNullable((String) json.get("parent")),
        Role.valueOf(word(json, "role")),
        ((Number) json.get("created")).longValue(),
        State.valueOf(word(json, "state")),
        (String) json.get("text"),
        (String) json.getOrDefault("reasoning", ""),
        Attachment.listOf(json.getOrDefault("attachments", List.of())),
        ((List<?>) json.getOrDefault("steps", List.of()))
            .stream().map(step -> Step.of((Map<String, Object>) step)).toList(),
        about);
  }

  private static String word(Map<String, Object> json, String name) {
    return ((String) json.get(name)).toUpperCase(Locale.ROOT);
  }
}
