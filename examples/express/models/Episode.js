'use strict';

const { randomUUID } = require('node:crypto');

// The application's own episodes, in memory: what keeps them is not what this example is about.
const episodes = new Map();

class ValidationError extends Error {}

const check = ({ title }) => {
  if (typeof title !== 'string' || title.trim() === '') throw new ValidationError('title must be a text');
};

module.exports = {
  ValidationError,

  async create({ title, createdBy }) {
    check({ title });
    const episode = { id: randomUUID(), title, status: 'draft', createdBy, updatedAt: new Date() };
    episodes.set(episode.id, episode);
    return episode;
  },

  async findById(id) {
    return episodes.get(id);
  },

  async update(id, { title }) {
    check({ title });
    const episode = { ...episodes.get(id), title, updatedAt: new Date() };
    episodes.set(id, episode);
    return episode;
  },

  async delete(id) {
    episodes.delete(id);
  },
};
