package io.solebox.server.knowledge;

import io.solebox.server.files.FileStore.StoredFile;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.About;
import io.solebox.server.knowledge.store.Document.Cut;
import io.solebox.server.knowledge.store.DocumentStore.Wish;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.params.Params;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds files to collections. */
record Additions(Ground ground) {
  /**
   * @param who wants it; a file of somebody else is not there
   * @param param that names the file
   * @throws Problem 404 if there is no such file
   */
  Wish wish(String who, String file, Map<String, Object> attributes, Cut cut, String param) {
    StoredFile found =
        ground
            .keeping()
            .files()
            .find(file, who)
            .orElseThrow(
                () ->
                    Problem.of(
                            404,
                            "not_found",
                            "There is no file '%s'.".formatted(Texts.abbreviated(file)))
                        .withParam(param));
    return new Wish(found.id(), About.fresh(who, found.name(), found.bytes(), attributes, cut));
  }

  List<Document> add(VectorStore store, List<Wish> wishes, Optional<String> batch) {
    List<Document> added = ground.keeping().documents().add(store, wishes, batch, ground.now());
    ground.keeping().indexer().look();
    return added;
  }

  /** An id of a file. */
  static String id(Object given, String param) {
    if (given instanceof String id && !id.isBlank()) {
      return id;
    }
    throw Params.invalidType(param, "an array of ids of files", given);
  }
}
