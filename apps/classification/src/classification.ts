import { Module } from '@nestjs/common';
import { classificationTypes } from '@stoettesystemer/model';
import type { ServiceOptions } from '@stoettesystemer/server';
import { additions } from './open-api';
import { KleController } from './routes/kle.controller';
import { PathController } from './routes/path.controller';
import { TreeController } from './routes/tree.controller';
import { classificationRules } from './rules';

@Module({ controllers: [TreeController, PathController, KleController] })
class ClassificationModule {}

/** Klassifikation: its types, its rules, and the reads and imports that only it has. */
export const classification: ServiceOptions = {
  name: 'classification',
  prefix: 'klassifikation',
  types: classificationTypes,
  rules: classificationRules,
  modules: [ClassificationModule],
  additions,
};
