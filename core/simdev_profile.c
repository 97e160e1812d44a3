// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /sys/kernel/config/simbuf: profiles that the user adds to those of simdev_models.c.
 *
 *	mkdir NAME; echo low1g > NAME/profile; echo 29 > NAME/dma_bits
 *
 * Who names a profile gets a copy of what it is then, so it can be changed and removed at any time.
 */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/simdev_config.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "simdev_internal.h"

static void profile_release(struct config_item *item)
{
	struct simdev_config *config = simdev_config_of(item);

	mutex_destroy(&config->lock);
	kfree(config);
}

static struct configfs_item_operations profile_ops = {
	.release = profile_release,
};

static const struct config_item_type profile_type = {
	.ct_item_ops = &profile_ops,
	.ct_attrs = simdev_config_attrs,
	.ct_owner = THIS_MODULE,
};

static bool is_word(const char *name)
{
	/* Of ASCII: isalnum() takes half of all other bytes for letters of Latin-1. */
	while ((isascii(*name) && isalnum(*name)) || *name == '-' || *name == '_' || *name == '.')
		name++;
	return !*name;
}

static int check_name(const char *name)
{
	if (strlen(name) >= SIMDEV_PROFILE_NAME) {
		pr_info("simbuf: the profile's name %s is longer than %d characters\n", name,
			SIMDEV_PROFILE_NAME - 1);
		return -ENAMETOOLONG;
	}
	if (!is_word(name)) {
		pr_info("simbuf: the profile's name %s may have letters, digits and -_. only\n",
			name);
		return -EINVAL;
	}
	if (simdev_model_builtin(name)) {
		pr_info("simbuf: there is a profile %s already, built in\n", name);
		return -EEXIST;
	}
	if (!strcmp(name, SIMDEV_CUSTOM)) {
		pr_info("simbuf: a model is called %s when it is no profile's\n", name);
		return -EEXIST;
	}
	return 0;
}

static struct config_group *profiles_make_group(struct config_group *root, const char *name)
{
	struct simdev_config *config;
	int ret = check_name(name);

	if (ret)
		return ERR_PTR(ret);
	config = kzalloc_obj(*config);
	if (!config)
		return ERR_PTR(-ENOMEM);
	simdev_config_init(config, name, &profile_type);
	if (!config_item_name(&config->group.cg_item)) {
		kfree(config);
		return ERR_PTR(-ENOMEM);
	}
	return &config->group;
}

static struct configfs_group_operations profiles_ops = {
	.make_group = profiles_make_group,
};

static const struct config_item_type profiles_type = {
	.ct_group_ops = &profiles_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem profiles = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "simbuf",
			.ci_type = &profiles_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(profiles.su_mutex),
};

static void copy_profile(struct simdev_config *config, struct simdev_model *model)
{
	guard(mutex)(&config->lock);
	*model = config->model;
	strscpy(model->name, config_item_name(&config->group.cg_item));
}

/**
 * simdev_model_get - look up a profile
 * @name: of one that is built in, or that the user made; up to its end or a
 *	newline.
 * @model: out: its properties as they are now. Those of a user's profile may
 *	contradict each other, see simdev_model_valid().
 *
 * May sleep.
 *
 * Return: 0, or -EINVAL when there is none of that name; the log says so.
 */
int simdev_model_get(const char *name, struct simdev_model *model)
{
	char word[SIMDEV_PROFILE_NAME] = "";
	const struct simdev_model *builtin;
	size_t len = strcspn(name, "\n");
	struct config_item *item;

	if (len < sizeof(word))
		memcpy(word, name, len);
	builtin = simdev_model_builtin(word);
	if (builtin) {
		*model = *builtin;
		return 0;
	}
	mutex_lock(&profiles.su_mutex);
	item = config_group_find_item(&profiles.su_group, word);
	mutex_unlock(&profiles.su_mutex);
	if (!item) {
		pr_info("simbuf: no profile %.*s; see simbuf/profiles in debugfs\n", (int)len,
			name);
		return -EINVAL;
	}
	copy_profile(simdev_config_of(item), model);
	config_item_put(item);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(simdev_model_get, "SIMBUF");

void simdev_profiles_show(struct seq_file *m)
{
	struct config_item *item;
	struct simdev_model model;

	guard(mutex)(&profiles.su_mutex);
	list_for_each_entry(item, &profiles.su_group.cg_children, ci_entry) {
		copy_profile(simdev_config_of(item), &model);
		simdev_model_show(&model, m);
	}
}

int simdev_profiles_init(void)
{
	config_group_init(&profiles.su_group);
	return configfs_register_subsystem(&profiles);
}

void simdev_profiles_exit(void)
{
	configfs_unregister_subsystem(&profiles);
}
