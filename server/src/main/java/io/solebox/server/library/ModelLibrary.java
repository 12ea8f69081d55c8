package io.solebox.server.library;

import io.solebox.engine.error.SoleboxException;
import java.util.Optional;

/**
 * The models that are kept on this machine, as the server's APIs see and change them; whoever
 * starts a server brings it. What changes here, and whatever else changes what is kept, the host's
 * catalog shows at once. Safe for many threads.
 *
 * <p>All methods throw {@link SoleboxException}: {@code MODEL_NOT_FOUND} where nothing of the name
 * is kept, {@code IN_USE} for what is pinned or used, {@code INVALID_PARAMETER} for what is no
 * name, {@code OFFLINE} for what would open a connection where none may be opened, and whatever the
 * disk and the network bring.
 */
public interface ModelLibrary {
  /**
   * What a name means, however it is spelled: in any case, with the tag that is usual, or with none
   * where there is one alone.
   */
  Optional<KeptModel> find(String name);

  /** Whether a name of the host's catalog is of a model that is kept. */
  boolean keeps(String name);

  /** What goes along with a model. */
  ModelSettings settings(String name);

  /**
   * Fetches a model, unless all of it is here. Who asks for what somebody else fetches waits for
   * the same bytes.
   *
   * @return the model
   * @throws InterruptedException if nobody wants it any more; what has come is kept, and gone on
   *     with by the next
   */
  KeptModel pull(PullWish wish, PullWatcher watcher) throws InterruptedException;

  /**
   * Gives a model a second name; the files are not copied.
   *
   * @param to whatever it stood for before stays as an older generation
   */
  KeptModel copy(String from, String to);

  /**
   * Makes a model of another one: the same weights, with other settings.
   *
   * @param to whatever it stood for before stays as an older generation
   * @param settings in place of those that {@code from} has
   */
  KeptModel create(String to, String from, ModelSettings settings);

  /** Removes a name, and those files that no other name needs. */
  void remove(String name);

  /** Keeps a model from every removal, or lets it go again. */
  KeptModel pin(String name, boolean pinned);

  /** What left by itself, by a rule that the owner has set. */
  CleanupTally cleanups();
}
