package io.solebox.server.tools.mcp;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The servers of tools that whoever starts this one has named, as other programs name them, too:
 *
 * <pre>{@code
 * {"mcpServers": {
 *   "files": {"command": "mcp-files", "args": ["/srv/shared"], "env": {"LEVEL": "1"}},
 *   "wiki": {"url": "http://127.0.0.1:9000/mcp", "headers": {"Authorization": "Bearer ..."}}}}
 * }</pre>
 *
 * @param servers by their names, in the file's order
 */
public record McpSettings(Map<String, Place> servers) {
  /** None. */
  public static final McpSettings NONE = new McpSettings(Map.of());

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,30}");
  private static final String REMEDY =
      "It is a JSON object as {\"mcpServers\": {\"NAME\": {\"command\": \"PROGRAM\", \"args\": [],"
          + " \"env\": {}}}}, or with \"url\" and \"headers\" in place of these.";

  /** Where a server is. */
  public sealed interface Place {
    /** In words, without secrets. */
    String words();
  }

  /**
   * A program on this machine.
   *
   * @param command with its arguments
   * @param environment beside what every program needs
   */
  public record Program(List<String> command, Map<String, String> environment) implements Place {
    @Override
    public String words() {
      return command.getFirst();
    }
  }

  /** A server that runs already. */
  public record Address(URI url, Map<String, String> headers) implements Place {
    @Override
    public String words() {
      return url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }

    /** Whether it is on another machine. */
    public boolean isElsewhere() {
      try {
        return !InetAddress.getByName(url.getHost()).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return true;
      }
    }

    /** Headers can be secrets. */
    @Override
    public String toString() {
      return "Address[" + words() + "]";
    }
  }

  public McpSettings {
    servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
  }

  /**
   * @throws SoleboxException if the file is not as it should be
   */
  public static McpSettings read(Path file) {
    try {
      Map<String, Object> whole =
          new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(file));
      Map<String, Place> servers = new LinkedHashMap<>();
      members(file, whole, "mcpServers")
          .forEach((name, given) -> servers.put(name(file, name), place(file, name, given)));
      whole.keySet().stream()
          .filter(key -> !key.equals("mcpServers"))
          .findFirst()
          .ifPresent(
              key -> {
                throw wrong(file, "'%s' is not known".formatted(key));
              });
      return new McpSettings(servers);
    } catch (JsonException e) {
      throw wrong(file, "It is no JSON object: " + e.getMessage());
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The file cannot be read: " + e.getMessage() + ".",
          "Name another with --mcp.",
          e);
    }
  }

  private static String name(Path file, String name) {
    if (!NAME.matcher(name).matches()) {
      throw wrong(file, "'%s' is no name: letters, digits and '-', 30 at most".formatted(name));
    }
    return name;
  }

  private static Place place(Path file, String name, Object given) {
    if (!(given instanceof Map<?, ?> server)) {
      throw wrong(file, "'%s' is no object".formatted(name));
    }
    @SuppressWarnings("unchecked") // the reader makes no other maps
    Map<String, Object> its = (Map<String, Object>) server;
    List<String> known =
        its.containsKey("url")
            ? List.of("url", "headers", "type")
            : List.of("command", "args", "env", "type");
    for (String key : its.keySet()) {
      if (!known.contains(key)) {
        throw wrong(file, "'%s' of '%s' is not known".formatted(key, name));
      }
    }
    if (its.containsKey("url")) {
      return new Address(url(file, name, its), texts(file, its, "headers"));
    }
    List<String> command = new ArrayList<>(List.of(text(file, name, its.get("command"))));
    switch (its.get("args")) {
      case null -> {}
      case List<?> all -> all.forEach(each -> command.add(text(file, name, each)));
      case Object _ -> throw wrong(file, "'args' of '%s' are no array".formatted(name));
    }
    return new Program(command, texts(file, its, "env"));
  }

  private static URI url(Path file, String name, Map<String, Object> its) {
    try {
      URI url = URI.create(text(file, name, its.get("url")));
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // The same answer as for one of another kind.
    }
    throw wrong(file, "'url' of '%s' is no address as http://127.0.0.1:9000/mcp".formatted(name));
  }

  private static String text(Path file, String name, Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(file, "'%s' has neither 'command' nor 'url', or one is no text".formatted(name));
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private static Map<String, Object> members(Path file, Map<String, Object> of, String key) {
    return switch (of.get(key)) {
      case Map<?, ?> map -> (Map<String, Object>) map;
      case null, default -> throw wrong(file, "'%s' is no object".formatted(key));
    };
  }

  private static Map<String, String> texts(Path file, Map<String, Object> of, String key) {
    if (of.get(key) == null) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    members(file, of, key).forEach((name, value) -> texts.put(name, text(file, name, value)));
    return texts;
  }

  private static SoleboxException wrong(Path file, String what) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, file.toString(), what + ".", REMEDY);
  }
}
