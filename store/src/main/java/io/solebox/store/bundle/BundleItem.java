package io.solebox.store.bundle;

import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;

/** What a bundle brings, each thing with the manifest of its files. */
public sealed interface BundleItem {
  Manifest manifest();

  /** What it is called, for people. */
  String title();

  /** A model, under the name that it will have in the store. */
  record Model(ModelName name, Manifest manifest) implements BundleItem {
    @Override
    public String title() {
      return name.toString();
    }
  }

  /** Solebox itself: the files of its distribution. */
  record Runtime(Manifest manifest) implements BundleItem {
    @Override
    public String title() {
      return "the runtime";
    }
  }
}
