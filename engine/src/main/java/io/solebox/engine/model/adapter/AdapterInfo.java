package io.solebox.engine.model.adapter;

/**
 * What is known of an adapter, for people.
 *
 * @param name by which requests choose it
 * @param place its file or folder
 * @param matrices of the model that it changes
 * @param rank the highest
 * @param parameters number of its weights
 * @param scale with which it was loaded
 */
public record AdapterInfo(
    String name, String place, int matrices, int rank, long parameters, float scale) {}
