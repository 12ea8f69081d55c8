package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that answers chats is killed at random moments: everything that it has confirmed is
 * there, nothing is half, and what was being said is kept as far as it was.
 */
@Tag("slow")
@Timeout(180)
class ChatsKilledTest {
  private static final int KILLS = 3;
  private static final int CLIENTS = 4;
  private static final int MOST_LINES = 60;
  private static final String TEXT = "abcdefghijklmnopqrstuvwxyz";

  @TempDir private Path folder;

  /** A server with its clients, in a process of its own. */
  public static final class Victim {
    private Victim() {}

    /**
     * @param arguments the database
     */
    public static void main(String[] arguments) {
      TestServer server =
          new TestServer(ServerConfig.defaults().withStateFile(Path.of(arguments[0])));
      server.model.pace(1, 1);
      for (int i = 0; i < CLIENTS; i++) {
        Thread.ofPlatform().start(() -> talk(new ChatClient(server)));
      }
    }

    /** Says only what was confirmed. */
    private static void talk(ChatClient page) {
      try {
        while (true) {
          String chat = page.chat();
          say("chat " + chat);
          RawClient.Answer begun = page.say(chat, TEXT);
          say("said " + chat + " " + begun.at("user.id"));
          Map<String, Object> end = page.end(chat, begun);
          say("done " + chat + " " + end.get("id"));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static synchronized void say(String line) {
      System.out.print(line + "\n");
      System.out.flush();
    }
  }

  private Process start(Path state) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            state.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What a process confirmed until it was killed, between two lines of it. */
  private static List<String> confirmed(Process process, int lines) throws Exception {
    List<String> confirmed = new ArrayList<>();
    try (BufferedReader reader = process.inputReader()) {
      String line = reader.readLine();
      while (line != null) {
        confirmed.add(line);
        if (confirmed.size() == lines) {
          process.toHandle().destroyForcibly(); // and its output stays, to be read to its end
        }
        line = reader.readLine();
      }
    }
    process.waitFor();
    return confirmed;
  }

  @Test
  void whatWasConfirmedIsThereAndNothingIsHalf() throws Exception {
    Path state = folder.resolve("server.db");
    Random random = new Random();
    List<String> confirmed = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      confirmed.addAll(confirmed(start(state), 1 + random.nextInt(MOST_LINES)));
    }
    try (TestServer server = new TestServer(ServerConfig.defaults().withStateFile(state))) {
      ChatClient page = new ChatClient(server);
      Map<String, Map<String, Map<String, Object>>> chats = chats(page);
      for (String line : confirmed) {
        String[] words = line.split(" ");
        Map<String, Map<String, Object>> messages = chats.get(words[1]);
        assertTrue(messages != null, line);
        if (words.length > 2) {
          Map<String, Object> message = messages.get(words[2]);
          assertEquals("done", message.get("state"), line);
          assertEquals(TEXT, message.get("text"), line);
        }
      }
      chats.values().forEach(ChatsKilledTest::requireWhole);
    }
  }

  /** All chats, and their messages by id. */
  private static Map<String, Map<String, Map<String, Object>>> chats(ChatClient page)
      throws IOException {
    Map<String, Map<String, Map<String, Object>>> all = new HashMap<>();
    String after = "";
    boolean more = true;
    while (more) {
      RawClient.Answer answer = page.get("/chats?limit=200" + after);
      for (Object each : (List<?>) answer.at("chats")) {
        String id = (String) ((Map<?, ?>) each).get("id");
        Map<String, Map<String, Object>> messages = new HashMap<>();
        page.messages("/chats/" + id).forEach(m -> messages.put((String) m.get("id"), m));
        all.put("/chats/" + id, messages);
        after = "&after=" + id;
      }
      more = (Boolean) answer.at("more");
    }
    return all;
  }

  private static void requireWhole(Map<String, Map<String, Object>> messages) {
    Set<Object> states = new HashSet<>();
    for (Map<String, Object> message : messages.values()) {
      Object parent = message.get("parent");
      assertTrue(parent == null || messages.containsKey(parent), message::toString);
      assertTrue(TEXT.startsWith((String) message.get("text")), message::toString);
      states.add(message.get("state"));
      if (message.get("state").equals("failed")) {
        assertEquals("server_ended", RawClient.at(message, "error.code"));
      }
    }
    assertTrue(Set.of("done", "failed").containsAll(states), states::toString);
    assertTrue(messages.isEmpty() || messages.size() == 2, "a question without its answer");
  }
}
