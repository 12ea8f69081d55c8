package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.box.Fields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** How a plug is spoken to: what is said is the same over HTTP and through a broker. */
interface Wire {
  /** For people: where it is. */
  String place();

  /** Says something, and hears what the plug says to that. */
  Said<Fields> say(String words);

  private static Said<Fields> fields(Said<byte[]> said) {
    return switch (said) {
      case Said.Yes<byte[]>(var json) ->
          Fields.of(json)
              .<Said<Fields>>map(Said.Yes::new)
              .orElseGet(() -> new Said.No<>("its answer is no JSON"));
      case Said.No<byte[]>(var why) -> new Said.No<>(why);
    };
  }

  /**
   * Shelly's frames of JSON-RPC over HTTP.
   *
   * @param password of the user {@code admin}
   */
  record ShellyHttp(PlugHttp http, Optional<String> password) implements Wire {
    @Override
    public String place() {
      return http.host();
    }

    @Override
    public Said<Fields> say(String frame) {
      return http.post("/rpc", frame, password);
    }
  }

  /**
   * The same through a broker: answers come to where a frame says that it is from.
   *
   * @param topic the plug's prefix
   */
  record ShellyMqtt(MqttLink link, String topic) implements Wire {
    @Override
    public String place() {
      return topic + " at " + link.host();
    }

    @Override
    public Said<Fields> say(String frame) {
      String from = "solebox-" + UUID.randomUUID();
      String signed = frame.replaceFirst("\\{", "{\"src\":\"" + from + "\",");
      return fields(link.ask(topic + "/rpc", signed, from + "/rpc"));
    }
  }

  /**
   * Tasmota's commands over HTTP.
   *
   * @param password of the user {@code admin}
   */
  record TasmotaHttp(PlugHttp http, Optional<String> password) implements Wire {
    @Override
    public String place() {
      return http.host();
    }

    @Override
    public Said<Fields> say(String command) {
      String user = password.map(word -> "user=admin&password=" + encoded(word) + "&").orElse("");
      return http.get("/cm?" + user + "cmnd=" + encoded(command));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
  }

  /**
   * The same through a broker, with the usual order of topics: {@code cmnd} and {@code stat} before
   * the plug's own.
   */
  record TasmotaMqtt(MqttLink link, String topic) implements Wire {
    @Override
    public String place() {
      return topic + " at " + link.host();
    }

    @Override
    public Said<Fields> say(String command) {
      String[] parts = command.split(" ", 2);
      String words = parts.length > 1 ? parts[1] : "";
      String to = "cmnd/" + topic + "/" + parts[0];
      return switch (parts[0]) {
        case "Backlog" -> fields(link.tell(to, words)); // its commands answer when their time comes
        case "Status" -> fields(link.ask(to, words, "stat/" + topic + "/STATUS" + words));
        case String _ -> fields(link.ask(to, words, "stat/" + topic + "/RESULT"));
      };
    }
  }
}
