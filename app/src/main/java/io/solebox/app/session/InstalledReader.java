package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.server.documents.Documents;

/** The reader of documents that the distribution brings along. */
public final class InstalledReader {
  private static final String FOLDER = "reader";

  private InstalledReader() {}

  /** Reads text alone where this was not started by a launcher. Its process starts when needed. */
  public static Documents open() {
    return Environment.distribution()
        .map(distribution -> Documents.in(distribution.resolve(FOLDER)))
        .orElseGet(Documents::plainOnly);
  }
}
