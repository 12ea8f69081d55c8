package io.solebox.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** By what one sees that files were changed or replaced, without reading them. */
record FileStamp(List<String> states) {
  static FileStamp of(List<Path> files) {
    List<String> states = new ArrayList<>();
    for (Path file : files) {
      try {
        // Of what a link points at: certbot and others replace the link.
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        states.add(now.fileKey() + " " + now.size() + " " + now.lastModifiedTime());
      } catch (IOException e) {
        states.add("none");
      }
    }
    return new FileStamp(List.copyOf(states));
  }
}
