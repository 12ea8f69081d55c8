package io.solebox.server.batches;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Belonging;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The batches of an owner, and answers of theirs that are in no file yet. */
public final class BatchBelongings implements Belonging {
  private static final int PAGE = 100;

  private final BatchStore store;
  private final JsonWriter json = new JsonWriter();

  public BatchBelongings(Vault vault) {
    this.store = new BatchStore(vault, json);
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    for (Batch batch : store.all(owner)) {
      String name = "batches/" + batch.id();
      taker.take(name + ".json", new ByteArrayInputStream(json.bytes(batch.body())));
      for (boolean failed : new boolean[] {false, true}) {
        lines(batch, failed, name, taker);
      }
    }
  }

  private void lines(Batch batch, boolean failed, String name, Taker taker) throws IOException {
    List<BatchStore.Line> page = store.lines(batch, failed, 0, PAGE);
    while (!page.isEmpty()) {
      for (BatchStore.Line line : page) {
        taker.take(
            name + "/" + line.number() + ".json",
            new ByteArrayInputStream(line.body().getBytes(StandardCharsets.UTF_8)));
      }
      page = store.lines(batch, failed, page.getLast().number(), PAGE);
    }
  }
}
