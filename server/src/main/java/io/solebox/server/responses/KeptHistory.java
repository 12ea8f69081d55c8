package io.solebox.server.responses;

import io.solebox.server.http.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this server keeps of each owner.
 *
 * @param store empty where nothing may be kept
 */
record KeptHistory(Optional<ResponseStore> store) implements History {
  /**
   * @throws Problem also 400 where nothing is kept
   */
  @Override
  public List<Map<String, Object>> before(
      Optional<String> previous, Optional<String> conversation, String owner) {
    if (conversation.isPresent() && store.filter(s -> !s.keeps(owner)).isPresent()) {
      throw Stored.off("conversation", store); // which would get the answer
    }
    if (previous.isPresent()) {
      return store
          .orElseThrow(() -> Stored.off("previous_response_id"))
          .history(previous.get(), owner);
    }
    return conversation
        .map(
            id ->
                store
                    .orElseThrow(() -> Stored.off("conversation"))
                    .conversations()
                    .items(id, owner))
        .orElse(List.of());
  }

  @Override
  public String item(String id, String owner) {
    return store
        .orElseThrow(() -> Stored.off("item_reference"))
        .findItem(id, owner)
        .orElseThrow(() -> Stored.notFound("item", id));
  }
}
