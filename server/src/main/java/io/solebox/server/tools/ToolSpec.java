package io.solebox.server.tools;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a tool is, as models and people are told.
 *
 * @param name by which models call it: at most 64 of letters, digits, {@code _} and {@code -}
 * @param description for the model
 * @param parameters a JSON Schema of its arguments, which are an object
 * @param source where it comes from: {@link #BUILT_IN}, or the name of whoever offers it
 * @param onlyReads whether a call changes nothing, as far as whoever offers it says so
 */
public record ToolSpec(
    String name,
    String description,
    Map<String, Object> parameters,
    String source,
    boolean onlyReads) {
  /** The source of what the server has itself. */
  public static final String BUILT_IN = "built-in";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final JsonWriter JSON = new JsonWriter();

  public ToolSpec {
    if (!isName(name)) {
      throw new IllegalArgumentException("no name of a tool: " + name);
    }
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Whether models can call something by this name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Of all that a model is told of it: whoever allows a tool allows what it says, and one that says
   * something else from then on is another.
   *
   * @return SHA-256, in hexadecimal digits
   */
  public String fingerprint() {
    byte[] told = JSON.text(function()).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256().digest(told));
  }

  /** As requests of {@code /v1/chat/completions} name it. */
  public Map<String, Object> asked() {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("type", "function");
    asked.put("function", function());
    return asked;
  }

  private Map<String, Object> function() {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("description", description);
    function.put("parameters", parameters);
    return function;
  }
}
