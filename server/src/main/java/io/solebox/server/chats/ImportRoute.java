package io.solebox.server.chats;

import io.solebox.server.chats.exchange.Entry;
import io.solebox.server.chats.exchange.ExportReader;
import io.solebox.server.chats.exchange.Imported;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.storage.Owners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Chats that come from elsewhere. Each is kept as soon as it has come, straight from the request:
 * of a file of any length one conversation is in memory, and nothing is on the disk unsealed.
 */
final class ImportRoute {
  /** Between two words about how far it is. */
  private static final Duration NEWS = Duration.ofMillis(250);

  private final Ground ground;

  ImportRoute(Ground ground) {
    this.ground = ground;
  }

  Route route() {
    return new Route(
        Method.POST, "/chats/import", Permission.USE_MODELS, RouteLimits.file(), this::take);
  }

  private void take(Exchange exchange) throws InterruptedException {
    Import one = new Import(Owners.of(exchange));
    try (Body body =
        new Body(new ExportReader(ground.maxBodyBytes(), ground.clock().millis(), one))) {
      exchange.readBytes(body);
      body.reader().end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ground.news().tell(one.owner, Map.of("type", "lost")); // much is another now
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("imported", one.imported);
    answer.put("failed", one.failed);
    ground.send(exchange, 200, answer);
  }

  /** What comes, as a channel. */
  private record Body(ExportReader reader) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      reader.take(bytes);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  /** What has become of each conversation. */
  private final class Import implements Consumer<Entry> {
    private final String owner;
    private final List<Object> imported = new ArrayList<>();
    private final List<Object> failed = new ArrayList<>();
    private long told = System.nanoTime();

    private Import(String owner) {
      this.owner = owner;
    }

    @Override
    public void accept(Entry entry) {
      switch (entry) {
        case Entry.Unknown(String title, String why) -> failed.add(failure(title, why));
        case Entry.Known(String title, Imported conversation) -> {
          try {
            imported.add(kept(conversation));
          } catch (Problem e) {
            failed.add(failure(title, e.getMessage()));
          }
        }
      }
      if (System.nanoTime() - told > NEWS.toNanos()) {
        told = System.nanoTime();
        ground
            .news()
            .tell(
                owner,
                Map.of("type", "import", "imported", imported.size(), "failed", failed.size()));
      }
    }

    private Map<String, Object> kept(Imported conversation) {
      boolean temporary = !ground.chats().keeps(owner);
      ChatStore store = ground.chats().forNew(owner, temporary);
      Imported.Whole whole = conversation.whole(temporary);
      store.add(owner, whole.chat(), whole.messages());
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("chat", ground.shown(whole.chat()));
      told.put("messages", whole.messages().size());
      told.put("notes", whole.notes());
      return told;
    }
  }

  private static Map<String, Object> failure(String title, String why) {
    Map<String, Object> failure = new LinkedHashMap<>();
    failure.put("title", title);
    failure.put("message", why);
    return failure;
  }
}
