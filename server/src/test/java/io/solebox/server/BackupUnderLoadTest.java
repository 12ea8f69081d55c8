package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.OpenAccounts;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.backup.Backup;
import io.solebox.server.backup.Restore;
import io.solebox.server.storage.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup of a server to which 32 clients write all the while: chats, files, people, and what they
 * use of a model. All that was acknowledged before it began is in it, and nothing by halves.
 */
@Timeout(60)
class BackupUnderLoadTest {
  private static final int CLIENTS = 32;
  private static final String JSON = "Content-Type: application/json";
  private static final String TWO_MESSAGES =
      "{\"format\":\"solebox-chats\",\"version\":1,\"chats\":[{\"id\":\"c\",\"title\":\"t\",\"messages\":["
          + "{\"id\":\"a\",\"role\":\"user\",\"text\":\"one\"},"
          + "{\"id\":\"b\",\"parent\":\"a\",\"role\":\"assistant\",\"text\":\"two\"}]}]}";

  @TempDir private Path folder;

  /** One client: what it has asked for, and what of it was acknowledged. */
  private static final class Writer {
    private final String name;
    private final String key;
    private final List<String> chats = new ArrayList<>(); // guarded by this, as the next
    private final List<String> files = new ArrayList<>();
    private final List<String> people = new ArrayList<>();
    private long answers;

    private Writer(String name, String key) {
      this.name = name;
      this.key = key;
    }

    /** As it is at a moment. */
    private synchronized Acknowledged acknowledged() {
      return new Acknowledged(
          this, List.copyOf(chats), List.copyOf(files), List.copyOf(people), answers);
    }

    private void round(RawClient client, Accounts accounts, int number) throws Exception {
      String chat =
          "/chats/" + post(client, "/chats/import", TWO_MESSAGES).at("imported.0.chat.id");
      synchronized (this) {
        chats.add(chat);
      }
      post(client, "/v1/completions", "{\"model\":\"echo\",\"prompt\":\"abc\"}");
      synchronized (this) {
        answers++;
      }
      String form = FilesApiTest.form("user_data", "of " + name);
      String file = "/v1/files/" + call(client, "/v1/files", form, FilesApiTest.FORM).at("id");
      synchronized (this) {
        files.add(file);
      }
      String guest = "guest-" + name + "-" + number;
      accounts.add(name, NewUser.active(guest, Role.VIEWER, Optional.empty()), Optional.empty());
      synchronized (this) {
        people.add(guest);
      }
    }

    private RawClient.Answer post(RawClient client, String path, String body) throws IOException {
      return call(client, path, body, JSON);
    }

    private RawClient.Answer call(RawClient client, String path, String body, String type)
        throws IOException {
      client.request("POST", path, body.getBytes(StandardCharsets.UTF_8), type, key);
      RawClient.Answer answer = client.receive();
      assertEquals(200, answer.status(), answer::text);
      return answer;
    }
  }

  private record Acknowledged(
      Writer by, List<String> chats, List<String> files, List<String> people, long answers) {}

  @Test
  void whatWasAcknowledgedIsInItAndNothingByHalves() throws Exception {
    Path state = Files.createDirectory(folder.resolve("box")).resolve("server.db");
    Path backup = folder.resolve("backup");
    Path keys = folder.resolve("keys");
    List<Writer> writers = new ArrayList<>();
    List<Acknowledged> before = new ArrayList<>();
    try (OpenAccounts open = OpenAccounts.in(state.getParent());
        TestServer server = new TestServer(ServerConfig.defaults().withStateFile(state));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        writers.add(writer(open.accounts(), "w" + i));
      }
      CountDownLatch going = new CountDownLatch(CLIENTS);
      AtomicBoolean over = new AtomicBoolean();
      List<Future<Void>> all = new ArrayList<>();
      for (Writer writer : writers) {
        all.add(threads.submit(write(writer, server, open.accounts(), going, over)));
      }
      going.await();
      writers.forEach(writer -> before.add(writer.acknowledged()));
      Backup.write(state, backup, Optional.of(keys), Progress.none());
      over.set(true);
      for (Future<Void> each : all) {
        each.get();
      }
    }
    Path copy = Files.createDirectory(folder.resolve("copy")).resolve("server.db");
    assertEquals(Optional.empty(), Restore.run(backup, copy, Optional.of(keys)).before());
    try (StateFile file = StateFile.open(copy)) {
      assertEquals(List.of(), file.check().damages());
    }
    hold(copy, before);
  }

  private static Writer writer(Accounts accounts, String name) throws InterruptedException {
    User user =
        accounts.add("test", NewUser.active(name, Role.ADMIN, Optional.empty()), Optional.empty());
    NewKey key = new NewKey("k", List.of("*"), List.of(), List.of(), false, Optional.empty());
    return new Writer(
        name, "Authorization: Bearer " + accounts.keys().add("test", user, key).secret());
  }

  private static Callable<Void> write(
      Writer writer,
      TestServer server,
      Accounts accounts,
      CountDownLatch going,
      AtomicBoolean over) {
    return () -> {
      try (RawClient client = server.client()) {
        for (int i = 0; !over.get(); i++) {
          writer.round(client, accounts, i);
          if (i == 0) {
            going.countDown();
          }
        }
      }
      return null;
    };
  }

  /** Holds a server with the copy against what was acknowledged. */
  private static void hold(Path copy, List<Acknowledged> before) throws Exception {
    try (OpenAccounts open = OpenAccounts.in(copy.getParent());
        TestServer server = new TestServer(ServerConfig.defaults().withStateFile(copy))) {
      long people = open.accounts().store().users().size();
      assertEquals(people, told(open, "user.add"), "each account with its word in the audit log");
      for (Acknowledged acknowledged : before) {
        String key = acknowledged.by().key;
        for (String file : acknowledged.files()) {
          RawClient.Answer content = server.get(file + "/content", key);
          assertEquals("of " + acknowledged.by().name, content.text());
        }
        for (String guest : acknowledged.people()) {
          assertTrue(open.accounts().store().byName(guest).isPresent(), guest);
        }
        RawClient.Answer all = server.get("/chats?limit=200", key);
        List<String> there = new ArrayList<>();
        for (Object each : (List<?>) all.at("chats")) {
          String chat = "/chats/" + ((Map<?, ?>) each).get("id");
          there.add(chat);
          assertEquals(2, ((List<?>) server.get(chat, key).at("messages")).size(), chat);
        }
        assertTrue(there.containsAll(acknowledged.chats()), acknowledged.by().name);
        Object answers = server.get("/v1/usage", key).at("data.0.requests");
        assertTrue((Long) answers >= acknowledged.answers(), answers + " " + acknowledged);
        assertTrue((Long) answers <= acknowledged.by().answers + 1, answers + " are too many");
      }
    }
  }

  private static long told(OpenAccounts open, String action) {
    return open.database()
        .read(
            sql ->
                sql.first(
                        row -> row.getLong(1),
                        "SELECT COUNT(*) FROM audit WHERE action = ?",
                        action)
                    .orElseThrow());
  }
}
